import { Hono } from 'hono';
import { SearchQuery } from '../../../shared/api/items.ts';
import { scopeOf } from '../../catalog/scope.ts';
import { searchItems } from '../../catalog/search.ts';
import type { AppEnv } from '../context.ts';
import { parseQuery } from '../parse.ts';

/** Search titles, people and tags. */
export function searchRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/search', async (c) => {
    return c.json(await searchItems(c.env, await scopeOf(c.env, c.var.principal), parseQuery(c, SearchQuery)));
  });

  return routes;
}
