import { Hono } from 'hono';
import { ChangeProfile, CreateProfile, OpenProfile, SetPin } from '../../../shared/api/profiles.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { idOf } from '../../catalog/cursors.ts';
import { endOwnSession, waysInOf } from '../../db/auth-sessions.ts';
import { endSessionsIn } from '../../db/profiles.ts';
import {
  changePin,
  changeProfile,
  createProfile,
  proveProfile,
  removeProfile,
  showProfiles,
} from '../../identity/profiles.ts';
import type { AppEnv } from '../context.ts';
import { answerSignedIn, beginSession, type IdentityOptions, record } from '../identity-surroundings.ts';
import { listAtOnce } from '../narrow-lists.ts';
import { parseJson } from '../parse.ts';
import { limitAttempts } from '../rate-limit.ts';
import { refuseForeignSignIn } from '../same-origin.ts';
import { endEverywhere, interrupt } from '../sign-out.ts';

/** Those who share an account: who they are, and going from one to another. */
export function profileRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { standing, now } = options;
  const routes = new Hono<AppEnv>();

  routes.get('/profiles', async (c) => c.json({ items: await showProfiles(c.env, c.var.principal) }));

  routes.post('/profiles', async (c) => {
    const request = await parseJson(c, CreateProfile);
    const profile = await createProfile(c.env, c.var.principal, request, now());
    standing.noteChange();
    listAtOnce(c, now());
    await record(c, options, 'profile.made', `${profile.name}, ${profile.role}`);
    return c.json(profile, 201);
  });

  routes.put('/profiles/:id', async (c) => {
    const id = idOf(c.req.param('id'));
    const profile = await changeProfile(c.env, c.var.principal, id, await parseJson(c, ChangeProfile));
    standing.noteChange();
    listAtOnce(c, now());
    await interrupt(c, await waysInOf(c.env, id, now()));
    await record(c, options, 'profile.changed', `${profile.name}, ${profile.role}`);
    return c.json(profile);
  });

  routes.put('/profiles/:id/pin', async (c) => {
    const { pin } = await parseJson(c, SetPin);
    const profile = await changePin(c.env, c.var.principal, idOf(c.req.param('id')), pin);
    await record(c, options, 'profile.changed', `${profile.name}: ${profile.pin ? 'a new PIN' : 'no PIN'}`);
    return c.json(profile);
  });

  routes.delete('/profiles/:id', async (c) => {
    const id = idOf(c.req.param('id'));
    const name = await removeProfile(c.env, c.var.principal, id);
    standing.noteChange();
    await endEverywhere(c, standing, await endSessionsIn(c.env, id, now()));
    await record(c, options, 'profile.deleted', name);
    return c.body(null, 204);
  });

  /**
   * The sign-in ends and another begins: so what the old one still holds (access tokens, films, event sockets) ends as
   * with any other end, and nobody goes on as who they were.
   */
  routes.post('/profiles/:id/open', async (c) => {
    const request = await parseJson(c, OpenProfile);
    refuseForeignSignIn(c.req.raw, request.delivery);
    const { accountId, authSessionId } = c.var.principal;
    if (request.pin !== undefined || request.password !== undefined) {
      await limitAttempts(c, 'password', `account ${accountId}`);
    }
    const profile = await proveProfile(c.env, c.var.principal, idOf(c.req.param('id')), request, now()).catch(
      async (error: unknown) => {
        if (error instanceof HearthcastError && error.code === 'wrong-credentials') {
          await record(c, options, 'profile.refused', request.pin === undefined ? 'wrong password' : 'wrong PIN');
        }
        throw error;
      },
    );
    const device = await endOwnSession(c.env, accountId, authSessionId, now());
    if (device === null) throw new HearthcastError('unauthenticated', 'This sign-in has ended.');
    const tokens = await beginSession(c, options, profile, device);
    await endEverywhere(c, standing, [authSessionId]);
    await record(c, options, 'profile.opened', profile.name);
    return answerSignedIn(c, options, tokens, request.delivery, 200);
  });

  return routes;
}
