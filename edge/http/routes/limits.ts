import { Hono } from 'hono';
import { ViewingLimits } from '../../../shared/api/limits.ts';
import { idOf } from '../../catalog/cursors.ts';
import { dropLimits, setLimits } from '../../db/user-limits.ts';
import { manageable } from '../../identity/people.ts';
import { limitsOf } from '../../identity/viewing-limits.ts';
import type { AppEnv } from '../context.ts';
import { type IdentityOptions, record } from '../identity-surroundings.ts';
import { parseJson } from '../parse.ts';

/** How much each person may take of the machines and the lines between, for owners and admins. */
export function limitRoutes(options: Pick<IdentityOptions, 'now'>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/users/:id/limits', async (c) => {
    const { id } = await manageable(c.env, c.var.principal, idOf(c.req.param('id')));
    return c.json(await limitsOf(c.env, id));
  });

  routes.put('/users/:id/limits', async (c) => {
    const limits = await parseJson(c, ViewingLimits);
    const { id, name } = await manageable(c.env, c.var.principal, idOf(c.req.param('id')));
    await setLimits(c.env, id, limits);
    const { maxStreams, maxRemoteKbps } = limits;
    const said = `${maxStreams ?? 'any number of'} streams, ${maxRemoteKbps ?? 'any'} kbit/s from elsewhere`;
    await record(c, options, 'user.changed', `${name}: ${said}`);
    return c.json(await limitsOf(c.env, id));
  });

  routes.delete('/users/:id/limits', async (c) => {
    const { id, name } = await manageable(c.env, c.var.principal, idOf(c.req.param('id')));
    await dropLimits(c.env, id);
    await record(c, options, 'user.changed', `${name}: limits as for everybody`);
    return c.json(await limitsOf(c.env, id));
  });

  return routes;
}
