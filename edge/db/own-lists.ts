import type { Bindings } from '../bindings.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';
import { Parameters, type Scope, visible } from './scopes.ts';

type Db = Pick<Bindings, 'DB'>;

/** Playlists of one person. */
const MAX_PLAYLISTS = 200;

/** The id under which an item is shown now. */
const CURRENT = (id: string) => `coalesce((SELECT target_id FROM item_alias WHERE item_id = ${id}), ${id})`;

/** What a person has watched to its end, the newest first, after a place. */
export async function historyPage(
  env: Db,
  scope: Scope,
  { after, limit }: { after: { at: number; id: number } | null; limit: number },
): Promise<(CardRow & { at: number; historyId: number })[]> {
  const p = new Parameters(scope.userId, after?.at ?? Number.MAX_SAFE_INTEGER, after?.id ?? 0, limit);
  const { results } = await env.DB.prepare(
    `SELECT ${CARD_COLUMNS}, h.at, h.item_id AS historyId FROM history h CROSS JOIN item i ON i.id = ${CURRENT('h.item_id')}
    ${CARD_JOINS} WHERE h.user_id = ?1 AND (h.at, h.item_id) < (?2, ?3) AND i.deleted_at IS NULL AND ${visible(scope, p)}
    ORDER BY h.at DESC, h.item_id DESC LIMIT ?4`,
  )
    .bind(...p.values)
    .all<CardRow & { at: number; historyId: number }>();
  return results;
}

/** A person's favourites, those marked last by id first, after a place. */
export async function favoritePage(
  env: Db,
  scope: Scope,
  { after, limit }: { after: number | null; limit: number },
): Promise<(CardRow & { favoriteId: number })[]> {
  const p = new Parameters(scope.userId, after ?? Number.MAX_SAFE_INTEGER, limit);
  const { results } = await env.DB.prepare(
    `SELECT ${CARD_COLUMNS}, f.item_id AS favoriteId FROM user_item f CROSS JOIN item i ON i.id = ${CURRENT('f.item_id')}
    ${CARD_JOINS} WHERE f.user_id = ?1 AND f.favorite = 1 AND f.item_id < ?2 AND i.deleted_at IS NULL
      AND ${visible(scope, p)} ORDER BY f.item_id DESC LIMIT ?3`,
  )
    .bind(...p.values)
    .all<CardRow & { favoriteId: number }>();
  return results;
}

export interface PlaylistRow {
  id: number;
  name: string;
  updatedAt: number;
}

const PLAYLIST = 'id, name, updated_at AS updatedAt';

export async function playlistsOf(env: Db, userId: number): Promise<PlaylistRow[]> {
  const { results } = await env.DB.prepare(`SELECT ${PLAYLIST} FROM playlist WHERE user_id = ?1 ORDER BY name, id`)
    .bind(userId)
    .all<PlaylistRow>();
  return results;
}

/** A person's own playlist, or null. */
export function playlistById(env: Db, userId: number, id: number): Promise<PlaylistRow | null> {
  return env.DB.prepare(`SELECT ${PLAYLIST} FROM playlist WHERE id = ?2 AND user_id = ?1`)
    .bind(userId, id)
    .first<PlaylistRow>();
}

/** Null where the person has as many as there may be. */
export function insertPlaylist(env: Db, userId: number, name: string, now: number): Promise<PlaylistRow | null> {
  return env.DB.prepare(
    `INSERT INTO playlist (user_id, name, updated_at) SELECT ?1, ?2, ?3
    WHERE (SELECT count(*) FROM playlist WHERE user_id = ?1) < ${MAX_PLAYLISTS} RETURNING ${PLAYLIST}`,
  )
    .bind(userId, name, now)
    .first<PlaylistRow>();
}

export async function deletePlaylist(env: Db, id: number): Promise<void> {
  await env.DB.batch([
    env.DB.prepare('DELETE FROM playlist_item WHERE playlist_id = ?1').bind(id),
    env.DB.prepare('DELETE FROM playlist WHERE id = ?1').bind(id),
  ]);
}

/** What a playlist holds of what a person sees, in its order. */
export async function playlistItems(env: Db, scope: Scope, id: number): Promise<CardRow[]> {
  const p = new Parameters(scope.userId, id);
  const { results } = await env.DB.prepare(
    `SELECT ${CARD_COLUMNS} FROM playlist_item l CROSS JOIN item i ON i.id = ${CURRENT('l.item_id')} ${CARD_JOINS}
    WHERE l.playlist_id = ?2 AND i.deleted_at IS NULL AND ${visible(scope, p)} ORDER BY l.place`,
  )
    .bind(...p.values)
    .all<CardRow>();
  return results;
}

/** Renames a playlist, or sets what it holds of what the person sees; the rest of it comes after, as it was. */
export async function savePlaylist(
  env: Db,
  scope: Scope,
  id: number,
  { name, items }: { name: string | undefined; items: readonly number[] | undefined },
  now: number,
): Promise<void> {
  const statements = [
    env.DB.prepare('UPDATE playlist SET name = coalesce(?2, name), updated_at = ?3 WHERE id = ?1').bind(
      id,
      name ?? null,
      now,
    ),
  ];
  if (items) {
    const p = new Parameters(id, JSON.stringify(items));
    // The condition first: its parameters come before those that the statement adds.
    const seen = visible(scope, p);
    const kept = await env.DB.prepare(
      `SELECT l.item_id AS id FROM playlist_item l LEFT JOIN item i ON i.id = ${CURRENT('l.item_id')}
      LEFT JOIN item s ON s.id = i.root_id
      WHERE l.playlist_id = ?1 AND (?2 IS NULL OR NOT coalesce(i.deleted_at IS NULL AND ${seen}, 0)) ORDER BY l.place`,
    )
      .bind(...p.values)
      .all<{ id: number }>();
    const all = [...items, ...kept.results.map((row) => row.id)];
    const q = new Parameters(id, JSON.stringify(all), items.length);
    const mine = visible(scope, q);
    statements.push(
      env.DB.prepare('DELETE FROM playlist_item WHERE playlist_id = ?1').bind(id),
      env.DB.prepare(
        `INSERT INTO playlist_item (playlist_id, place, item_id)
        SELECT ?1, j.key, j.value FROM json_each(?2) j CROSS JOIN item i ON i.id = j.value LEFT JOIN item s ON s.id = i.root_id
        WHERE j.key >= ?3 OR (i.deleted_at IS NULL AND ${mine})`,
      ).bind(...q.values),
    );
  }
  await env.DB.batch(statements);
}
