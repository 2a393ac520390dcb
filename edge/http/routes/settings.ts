import { Hono } from 'hono';
import { ChangeSettings } from '../../../shared/api/settings.ts';
import { changeSettings, readSettings } from '../../deployment/settings.ts';
import type { AppEnv } from '../context.ts';
import { type IdentityOptions, record } from '../identity-surroundings.ts';
import { parseJson } from '../parse.ts';

/** What the owner decides for the whole deployment: `GET /settings` and `PUT /settings`, for admins. */
export function settingsRoutes({ now }: Pick<IdentityOptions, 'now'>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/settings', async (c) => c.json(await readSettings(c.env)));

  routes.put('/settings', async (c) => {
    const changes = await parseJson(c, ChangeSettings);
    const settings = await changeSettings(c.env, changes, now());
    await record(c, { now }, 'settings.changed', Object.keys(changes).join(', '));
    return c.json(settings);
  });

  return routes;
}
