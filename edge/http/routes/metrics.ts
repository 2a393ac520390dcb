import { Hono } from 'hono';
import { listAgents } from '../../db/agents.ts';
import { exposition } from '../../link/exposition.ts';
import type { AppEnv } from '../context.ts';

/** The version of Prometheus' text format. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** What the links to all machines have counted since their objects were started, for Prometheus. */
export function metricsRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/metrics', async (c) => {
    const agents = await listAgents(c.env);
    const machines = await Promise.all(
      agents.map(async ({ id, name, site }) => {
        // One object that cannot be asked must not hide the others.
        const metrics = await c.env.AGENT_LINK.getByName(id)
          .metrics()
          .catch(() => null);
        return { name, site: site.name, metrics };
      }),
    );
    return c.body(exposition(machines), 200, { 'content-type': CONTENT_TYPE, 'cache-control': 'no-store' });
  });

  return routes;
}
