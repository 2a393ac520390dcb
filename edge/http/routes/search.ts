import { Hono } from 'hono';
import { SearchQuery } from '../../../shared/api/items.ts';
import { searchItems } from '../../catalog/search.ts';
import type { AppEnv } from '../context.ts';
import { parseQuery } from '../parse.ts';

/** Search by title. */
export function searchRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/search', async (c) => {
    return c.json(await searchItems(c.env, c.var.principal.userId, parseQuery(c, SearchQuery)));
  });

  return routes;
}
