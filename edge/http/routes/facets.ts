import { Hono } from 'hono';
import { PageQuery } from '../../../shared/api/paging.ts';
import { idOf } from '../../catalog/cursors.ts';
import { showFacet, showFacets, showPerson, showTraits } from '../../catalog/facet-lists.ts';
import { scopeOf } from '../../catalog/scope.ts';
import type { AppEnv } from '../context.ts';
import { parseQuery } from '../parse.ts';

const LISTS = { genres: 'genre', tags: 'tag', studios: 'studio', collections: 'collection', people: 'person' } as const;

/** What titles have in common: genres, tags, studios, collections, people. */
export function facetRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  for (const [path, kind] of Object.entries(LISTS)) {
    routes.get(`/${path}`, async (c) => {
      return c.json(await showFacets(c.env, await scopeOf(c.env, c.var.principal), kind, parseQuery(c, PageQuery)));
    });
  }

  routes.get('/people/:id', async (c) => {
    return c.json(await showPerson(c.env, await scopeOf(c.env, c.var.principal), idOf(c.req.param('id'))));
  });

  routes.get('/traits', async (c) => c.json(await showTraits(c.env, await scopeOf(c.env, c.var.principal))));

  routes.get('/facets/:id', async (c) => {
    return c.json(await showFacet(c.env, await scopeOf(c.env, c.var.principal), idOf(c.req.param('id'))));
  });

  return routes;
}
