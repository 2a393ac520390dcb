import { Hono } from 'hono';
import { ActivityQuery, SummaryQuery, TopQuery } from '../../../shared/api/facets.ts';
import { scopeOf } from '../../catalog/scope.ts';
import { showActivity, showSummary, showTopFacets, showTopItems } from '../../catalog/statistics.ts';
import type { AppEnv } from '../context.ts';
import { parseQuery } from '../parse.ts';

const TOPS = { 'top-tags': 'tag', 'top-genres': 'genre', 'top-people': 'person', 'top-studios': 'studio' } as const;

/** What was watched: by the person who asks, or by everybody. */
export function statisticsRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/stats/summary', async (c) => {
    const { of } = parseQuery(c, SummaryQuery);
    const scope = await scopeOf(c.env, c.var.principal);
    return c.json(await showSummary(c.env, c.var.principal, scope, of, Date.now()));
  });

  routes.get('/stats/top-items', async (c) => {
    const query = parseQuery(c, TopQuery);
    return c.json(await showTopItems(c.env, c.var.principal, await scopeOf(c.env, c.var.principal), query));
  });

  for (const [path, kind] of Object.entries(TOPS)) {
    routes.get(`/stats/${path}`, async (c) => {
      const query = parseQuery(c, TopQuery);
      return c.json(await showTopFacets(c.env, c.var.principal, await scopeOf(c.env, c.var.principal), kind, query));
    });
  }

  routes.get('/stats/activity', async (c) => {
    return c.json(await showActivity(c.env, c.var.principal, parseQuery(c, ActivityQuery), Date.now()));
  });

  return routes;
}
