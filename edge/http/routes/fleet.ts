import { Hono } from 'hono';
import { CreateEnrolment, CreateSite, type Enrolment } from '../../../shared/api/fleet.ts';
import { createSite, removeAgent, showAgents, showSites, siteForEnrolment } from '../../catalog/fleet.ts';
import { createEnrolment } from '../../identity/enrolment.ts';
import type { AppEnv } from '../context.ts';
import { record } from '../identity-surroundings.ts';
import { parseJson } from '../parse.ts';

/** Sites and the machines at them, for owners and admins. */
export function fleetRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/sites', async (c) => c.json({ items: await showSites(c.env) }));

  routes.post('/sites', async (c) => {
    const { name } = await parseJson(c, CreateSite);
    return c.json(await createSite(c.env, name, Date.now()), 201);
  });

  routes.get('/agents', async (c) => c.json({ items: await showAgents(c.env) }));

  routes.post('/agents/enrolments', async (c) => {
    const { siteId } = await parseJson(c, CreateEnrolment);
    const site = await siteForEnrolment(c.env, siteId, Date.now());
    const { code, expiresAt } = await createEnrolment(c.env, site, Date.now());
    await record(c, { now: Date.now }, 'agent.code', `site ${site}`);
    const enrolment: Enrolment = { code, siteId: String(site), expiresAt };
    return c.json(enrolment, 201);
  });

  routes.delete('/agents/:id', async (c) => {
    await removeAgent(c.env, c.req.param('id'), Date.now());
    await record(c, { now: Date.now }, 'agent.removed', c.req.param('id'));
    return c.body(null, 204);
  });

  return routes;
}
