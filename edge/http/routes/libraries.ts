import { Hono } from 'hono';
import { ItemsQuery } from '../../../shared/api/items.ts';
import { PageQuery } from '../../../shared/api/paging.ts';
import { idOf } from '../../catalog/cursors.ts';
import { browseGrid } from '../../catalog/grids.ts';
import { showLibraries, showProblems } from '../../catalog/libraries.ts';
import { scopeOf } from '../../catalog/scope.ts';
import type { AppEnv } from '../context.ts';
import { parseQuery } from '../parse.ts';

/** Libraries: what they hold, what could not be read. */
export function libraryRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/libraries', async (c) =>
    c.json({ items: await showLibraries(c.env, await scopeOf(c.env, c.var.principal)) }),
  );

  routes.get('/libraries/:id/items', async (c) => {
    const query = parseQuery(c, ItemsQuery);
    return c.json(await browseGrid(c.env, await scopeOf(c.env, c.var.principal), idOf(c.req.param('id')), query));
  });

  routes.get('/libraries/:id/problems', async (c) => {
    const query = parseQuery(c, PageQuery);
    return c.json(await showProblems(c.env, idOf(c.req.param('id')), query));
  });

  return routes;
}
