import { type Context, Hono } from 'hono';
import { ChapterQuery, FavoriteRequest, ItemsQuery, PlayedRequest, RatingRequest } from '../../../shared/api/items.ts';
import { PageQuery } from '../../../shared/api/paging.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { browseChildren, showItem, showUserData } from '../../catalog/browse.ts';
import { chapterPicture } from '../../catalog/chapter-pictures.ts';
import { idOf } from '../../catalog/cursors.ts';
import { browseGrid } from '../../catalog/grids.ts';
import { scopeOf } from '../../catalog/scope.ts';
import { showSimilar } from '../../catalog/similar.ts';
import { cardById } from '../../db/items.ts';
import { setFavorite, setPlayed, setRating } from '../../db/user-items.ts';
import type { AppEnv } from '../context.ts';
import { parseJson, parseQuery } from '../parse.ts';

/** A film that is replaced by another keeps its address. */
const A_DAY = 'private, max-age=86400';

/** Items: what they are, what lies below them, and what people do with them. */
export function itemRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/items', async (c) => {
    const query = parseQuery(c, ItemsQuery);
    return c.json(await browseGrid(c.env, await scopeOf(c.env, c.var.principal), null, query));
  });

  routes.get('/items/:id', async (c) => {
    return c.json(await showItem(c.env, await scopeOf(c.env, c.var.principal), idOf(c.req.param('id'))));
  });

  routes.get('/items/:id/children', async (c) => {
    const query = parseQuery(c, PageQuery);
    const scope = await scopeOf(c.env, c.var.principal);
    return c.json(await browseChildren(c.env, scope, idOf(c.req.param('id')), query));
  });

  routes.get('/items/:id/chapters/:chapter{[0-9]{1,3}}', async (c) => {
    const { w } = parseQuery(c, ChapterQuery);
    const picture = await chapterPicture(c.env, await seenId(c), Number(c.req.param('chapter')), Number(w));
    return c.body(picture.body, 200, { 'cache-control': A_DAY, 'content-type': picture.contentType });
  });

  routes.get('/items/:id/similar', async (c) => {
    return c.json(await showSimilar(c.env, await scopeOf(c.env, c.var.principal), await seenId(c)));
  });

  routes.put('/items/:id/played', async (c) => {
    const { played } = await parseJson(c, PlayedRequest);
    const id = await seenId(c);
    await setPlayed(c.env, c.var.principal.userId, id, played, Date.now());
    return c.json(await userData(c, id));
  });

  routes.put('/items/:id/favorite', async (c) => {
    const { favorite } = await parseJson(c, FavoriteRequest);
    const id = await seenId(c);
    await setFavorite(c.env, c.var.principal.userId, id, favorite, Date.now());
    return c.json(await userData(c, id));
  });

  routes.put('/items/:id/rating', async (c) => {
    const { rating } = await parseJson(c, RatingRequest);
    const id = await seenId(c);
    await setRating(c.env, c.var.principal.userId, id, rating, Date.now());
    return c.json(await userData(c, id));
  });

  return routes;
}

/** The item of the path, for a person who may see it. Throws `not-found`. */
async function seenId(c: Context<AppEnv>): Promise<number> {
  const id = idOf(c.req.param('id') ?? '');
  const scope = await scopeOf(c.env, c.var.principal);
  if (!(await cardById(c.env, scope, id))) throw new HearthcastError('not-found');
  return id;
}

async function userData(c: Context<AppEnv>, id: number) {
  return showUserData(c.env, await scopeOf(c.env, c.var.principal), id);
}
