import { Hono } from 'hono';
import { ChangeSettings } from '../../../shared/api/settings.ts';
import { tellAgents } from '../../catalog/agent-settings.ts';
import { changeSettings, readSettings } from '../../deployment/settings.ts';
import type { AppEnv } from '../context.ts';
import { type IdentityOptions, record } from '../identity-surroundings.ts';
import { parseJson } from '../parse.ts';

/** What the owner decides for the whole deployment: `GET /settings` and `PUT /settings`, for admins. */
export function settingsRoutes({ settings, now }: Pick<IdentityOptions, 'settings' | 'now'>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/settings', async (c) => c.json(await readSettings(c.env)));

  routes.put('/settings', async (c) => {
    const changes = await parseJson(c, ChangeSettings);
    const changed = await changeSettings(c.env, changes, now());
    settings.keep(changed);
    await record(c, { now }, 'settings.changed', spelled(changes));
    await tellAgents(c.env, changes);
    return c.json(changed);
  });

  return routes;
}

/** Each change with what holds from now on. */
function spelled(changes: ChangeSettings): string {
  return Object.entries(changes)
    .map(([name, value]) => `${name}: ${value === null ? 'none' : String(value)}`)
    .join(', ');
}
