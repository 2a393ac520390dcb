import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { CreatePlaylist, PlaylistRequest } from '../../../shared/api/facets.ts';
import { PageQuery } from '../../../shared/api/paging.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { showCard, showCards } from '../../catalog/cards.ts';
import { CursorId, decodeCursor, encodeCursor, idOf } from '../../catalog/cursors.ts';
import { scopeOf } from '../../catalog/scope.ts';
import {
  deletePlaylist,
  favoritePage,
  historyPage,
  insertPlaylist,
  type PlaylistRow,
  playlistById,
  playlistItems,
  playlistsOf,
  savePlaylist,
} from '../../db/own-lists.ts';
import type { AppEnv } from '../context.ts';
import { parseJson, parseQuery } from '../parse.ts';

const HistoryCursor = z.object({ at: CursorId, id: CursorId });
const FavoriteCursor = z.object({ id: CursorId });

/** A person's own lists: history, favourites, playlists. */
export function ownListRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get('/users/me/history', async (c) => {
    const { cursor, limit } = parseQuery(c, PageQuery);
    const scope = await scopeOf(c.env, c.var.principal);
    const rows = await historyPage(c.env, scope, { after: decodeCursor(cursor, HistoryCursor), limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const items = await Promise.all(
      shown.map(async (row) => ({ at: row.at, item: await showCard(c.env, scope, row) })),
    );
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return c.json({ items, next: last ? encodeCursor({ at: last.at, id: last.historyId }) : null });
  });

  routes.get('/users/me/favorites', async (c) => {
    const { cursor, limit } = parseQuery(c, PageQuery);
    const scope = await scopeOf(c.env, c.var.principal);
    const after = decodeCursor(cursor, FavoriteCursor)?.id ?? null;
    const rows = await favoritePage(c.env, scope, { after, limit: limit + 1 });
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    const items = await showCards(c.env, scope, shown);
    return c.json({ items, next: last ? encodeCursor({ id: last.favoriteId }) : null });
  });

  routes.get('/playlists', async (c) => {
    return c.json({ items: (await playlistsOf(c.env, c.var.principal.userId)).map(playlistOf) });
  });

  routes.post('/playlists', async (c) => {
    const { name } = await parseJson(c, CreatePlaylist);
    const made = await insertPlaylist(c.env, c.var.principal.userId, name, Date.now());
    if (!made) throw new HearthcastError('conflict', 'You have as many playlists as there can be. Delete one first.');
    return c.json(playlistOf(made), 201);
  });

  routes.get('/playlists/:id/items', async (c) => {
    const { id } = await ownPlaylist(c);
    const scope = await scopeOf(c.env, c.var.principal);
    return c.json({ items: await showCards(c.env, scope, await playlistItems(c.env, scope, id)), next: null });
  });

  routes.put('/playlists/:id', async (c) => {
    const { name, items } = await parseJson(c, PlaylistRequest);
    const { id } = await ownPlaylist(c);
    const scope = await scopeOf(c.env, c.var.principal);
    await savePlaylist(c.env, scope, id, { name, items: items?.map(Number) }, Date.now());
    return c.json(playlistOf(await ownPlaylist(c)));
  });

  routes.delete('/playlists/:id', async (c) => {
    const { id } = await ownPlaylist(c);
    await deletePlaylist(c.env, id);
    return c.body(null, 204);
  });

  return routes;
}

/** The playlist of the path. Throws `not-found` also for those of others. */
async function ownPlaylist(c: Context<AppEnv>): Promise<PlaylistRow> {
  const found = await playlistById(c.env, c.var.principal.userId, idOf(c.req.param('id') ?? ''));
  if (!found) throw new HearthcastError('not-found');
  return found;
}

function playlistOf({ id, name, updatedAt }: PlaylistRow) {
  return { id: String(id), name, updatedAt };
}
