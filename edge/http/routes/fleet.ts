import { Hono } from 'hono';
import {
  AllowDirect,
  ChangeSite,
  CreateEnrolment,
  CreateSite,
  DrainAgent,
  type Enrolment,
} from '../../../shared/api/fleet.ts';
import {
  allowDirect,
  changeSite,
  createSite,
  removeAgent,
  showAgents,
  showSites,
  siteForEnrolment,
} from '../../catalog/fleet.ts';
import { agentInLog } from '../../db/agents.ts';
import { createEnrolment } from '../../identity/enrolment.ts';
import { drainAgent } from '../../playback/drain.ts';
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

  routes.put('/sites/:id', async (c) => {
    return c.json(await changeSite(c.env, c.req.param('id'), await parseJson(c, ChangeSite)));
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

  routes.post('/agents/:id/drain', async (c) => {
    const { draining } = await parseJson(c, DrainAgent);
    const answer = await drainAgent(c.env, c.req.param('id'), draining);
    await record(
      c,
      { now: Date.now },
      'agent.drained',
      `${await agentInLog(c.env, c.req.param('id'))}, ${draining ? 'on' : 'off'}`,
    );
    return c.json(answer);
  });

  routes.put('/agents/:id/direct', async (c) => {
    const { allowed } = await parseJson(c, AllowDirect);
    await allowDirect(c.env, c.req.param('id'), allowed);
    await record(
      c,
      { now: Date.now },
      'agent.direct',
      `${await agentInLog(c.env, c.req.param('id'))}, ${allowed ? 'on' : 'off'}`,
    );
    return c.body(null, 204);
  });

  routes.delete('/agents/:id', async (c) => {
    const subject = await agentInLog(c.env, c.req.param('id'));
    await removeAgent(c.env, c.req.param('id'), Date.now());
    await record(c, { now: Date.now }, 'agent.removed', subject);
    return c.body(null, 204);
  });

  return routes;
}
