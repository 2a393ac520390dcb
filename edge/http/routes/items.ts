import { Hono } from 'hono';
import { FavoriteRequest, PlayedRequest } from '../../../shared/api/items.ts';
import { PageQuery } from '../../../shared/api/paging.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { browseChildren, showItem, showUserData } from '../../catalog/browse.ts';
import { idOf } from '../../catalog/cursors.ts';
import { itemById } from '../../db/items.ts';
import { setFavorite, setPlayed } from '../../db/user-items.ts';
import type { AppEnv } from '../context.ts';
import { parseJson, parseQuery } from '../parse.ts';

/** Items: what they are, what lies below them, and what people do with them. */
export function itemRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/items/:id', async (c) => {
    return c.json(await showItem(c.env, c.var.principal.userId, idOf(c.req.param('id'))));
  });

  routes.get('/items/:id/children', async (c) => {
    const query = parseQuery(c, PageQuery);
    return c.json(await browseChildren(c.env, c.var.principal.userId, idOf(c.req.param('id')), query));
  });

  routes.put('/items/:id/played', async (c) => {
    const { played } = await parseJson(c, PlayedRequest);
    const id = idOf(c.req.param('id'));
    if (!(await itemById(c.env, id))) throw new HearthcastError('not-found');
    await setPlayed(c.env, c.var.principal.userId, id, played, Date.now());
    return c.json(await showUserData(c.env, c.var.principal.userId, id));
  });

  routes.put('/items/:id/favorite', async (c) => {
    const { favorite } = await parseJson(c, FavoriteRequest);
    const id = idOf(c.req.param('id'));
    if (!(await itemById(c.env, id))) throw new HearthcastError('not-found');
    await setFavorite(c.env, c.var.principal.userId, id, favorite, Date.now());
    return c.json(await showUserData(c.env, c.var.principal.userId, id));
  });

  return routes;
}
