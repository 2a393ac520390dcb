import { Hono } from 'hono';
import { InvitationCode, type InvitationOffer, JoinRequest, ResetPassword } from '../../../shared/api/users.ts';
import { endSessionsOf } from '../../db/auth-sessions.ts';
import { invitationOf, join } from '../../identity/invitations.ts';
import { resetPassword } from '../../identity/users.ts';
import type { AppEnv } from '../context.ts';
import { answerSignedIn, beginSession, type IdentityOptions, record } from '../identity-surroundings.ts';
import { rememberDevice } from '../known-device.ts';
import { listAtOnce } from '../narrow-lists.ts';
import { parseJson } from '../parse.ts';
import { limitAttempts } from '../rate-limit.ts';
import { refuseForeignSignIn } from '../same-origin.ts';
import { endEverywhere } from '../sign-out.ts';

/** Coming in with a code: an invitation, or a reset of the password. */
export function joiningRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { standing, settings, now } = options;
  const routes = new Hono<AppEnv>();

  routes.post('/auth/invitation', async (c) => {
    const { code } = await parseJson(c, InvitationCode);
    await limitAttempts(c, 'invitation', '');
    const { role, expiresAt } = await invitationOf(c.env, code, now());
    const offer: InvitationOffer = { server: (await settings.read(c.env)).serverName, role, expiresAt };
    return c.json(offer);
  });

  routes.post('/auth/join', async (c) => {
    const request = await parseJson(c, JoinRequest);
    refuseForeignSignIn(c.req.raw, request.delivery);
    await limitAttempts(c, 'invitation', '');
    const user = await join(c.env, request, now());
    standing.noteChange();
    listAtOnce(c, now());
    const tokens = await beginSession(c, options, user, request.device);
    if (request.delivery === 'cookie') await rememberDevice(c, user.name);
    await record(c, options, 'invitation.used', `${user.name} joined as ${user.role}`, tokens.signIn);
    return answerSignedIn(c, options, tokens, request.delivery, 201);
  });

  // It signs nobody in: whoever has the code still needs the new password, and sees that it works.
  routes.post('/auth/reset', async (c) => {
    const request = await parseJson(c, ResetPassword);
    await limitAttempts(c, 'reset', '');
    const user = await resetPassword(c.env, request, now());
    const ended = await endSessionsOf(c.env, user.id, null, now());
    standing.noteChange();
    await endEverywhere(c, standing, ended);
    await record(c, options, 'password.reset', user.name, { userId: user.id, name: user.name });
    return c.body(null, 204);
  });

  return routes;
}
