import { Hono } from 'hono';
import { CreateApiKey } from '../../../shared/api/api-keys.ts';
import { ChangePassword } from '../../../shared/api/users.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { endOwnSession, endSessionsOf, openSessionsOf } from '../../db/auth-sessions.ts';
import { createApiKey, revokeApiKey, showApiKeys } from '../../identity/api-keys.ts';
import { changePassword } from '../../identity/users.ts';
import type { AppEnv } from '../context.ts';
import { clearTokenCookies } from '../cookies.ts';
import { type IdentityOptions, record } from '../identity-surroundings.ts';
import { parseJson } from '../parse.ts';
import { limitAttempts } from '../rate-limit.ts';
import { endEverywhere } from '../sign-out.ts';

/** One's own account: the password, the devices, the API keys. */
export function accountRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { standing, now } = options;
  const routes = new Hono<AppEnv>();

  // The other devices are signed out: a password is changed when somebody else may know it.
  routes.put('/users/me/password', async (c) => {
    const request = await parseJson(c, ChangePassword);
    const { userId, name, authSessionId } = c.var.principal;
    await limitAttempts(c, 'password', name);
    await changePassword(c.env, userId, request, now());
    const ended = await endSessionsOf(c.env, userId, authSessionId, now());
    standing.noteChange();
    await endEverywhere(c, standing, ended);
    await record(c, options, 'password.changed', name);
    return c.body(null, 204);
  });

  routes.get('/users/me/sessions', async (c) => {
    const { userId, authSessionId } = c.var.principal;
    const open = await openSessionsOf(c.env, userId, now());
    return c.json({ items: open.map((session) => ({ ...session, current: session.id === authSessionId })) });
  });

  routes.delete('/users/me/sessions/:id', async (c) => {
    const id = c.req.param('id');
    const device = await endOwnSession(c.env, c.var.principal.userId, id, now());
    if (device === null) throw new HearthcastError('not-found', 'You are not signed in on such a device.');
    await endEverywhere(c, standing, [id]);
    await record(c, options, 'sign-out', device);
    return c.body(null, 204);
  });

  routes.delete('/users/me/sessions', async (c) => {
    const { userId, name } = c.var.principal;
    await endEverywhere(c, standing, await endSessionsOf(c.env, userId, null, now()));
    clearTokenCookies(c);
    await record(c, options, 'sign-out.everywhere', name);
    return c.body(null, 204);
  });

  routes.get('/api-keys', async (c) => c.json({ items: await showApiKeys(c.env, c.var.principal.userId) }));

  routes.post('/api-keys', async (c) => {
    const request = await parseJson(c, CreateApiKey);
    const created = await createApiKey(c.env, c.var.principal.userId, request, now());
    standing.noteChange();
    await record(c, options, 'api-key.made', `${created.name}: ${created.scopes.join(', ')}`);
    return c.json(created, 201);
  });

  routes.delete('/api-keys/:id', async (c) => {
    const id = c.req.param('id');
    const name = await revokeApiKey(c.env, c.var.principal.userId, id, now());
    standing.noteChange();
    await endEverywhere(c, standing, [id]);
    await record(c, options, 'api-key.ended', name);
    return c.body(null, 204);
  });

  return routes;
}
