import type { Bindings } from '../bindings.ts';
import type { FacetKind } from '../catalog/facets.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';
import { facetVisible } from './facets.ts';
import { Parameters, type Scope, visible } from './scopes.ts';

type Db = Pick<Bindings, 'DB'>;

/** Everybody together. */
const EVERYONE = 0;

const DAY_MS = 24 * 3_600_000;

/** People of one title that its plays are counted for: those named first. */
const MAX_COUNTED_FACETS = 24;

/** Counts a play that has come to its end, for the person and for everybody, unless it was counted already. */
export function watchedStatements(
  db: D1Database,
  { userId, itemId, durationMs, now }: { userId: number; itemId: number; durationMs: number; now: number },
): D1PreparedStatement[] {
  const counted = 'EXISTS (SELECT 1 FROM history WHERE user_id = ?1 AND at = ?3 AND item_id = ?2)';
  const parameters = [userId, itemId, now, Math.round(durationMs)];
  const both = `(SELECT ?1 AS id UNION ALL SELECT ${EVERYONE})`;
  return [
    db
      .prepare(
        `INSERT OR IGNORE INTO history (user_id, at, item_id) SELECT ?1, ?3, ?2 WHERE NOT EXISTS (
          SELECT 1 FROM user_item WHERE user_id = ?1 AND item_id = ?2 AND played = 1 AND position_ms = 0)`,
      )
      .bind(userId, itemId, now),
    db
      .prepare(
        `INSERT INTO watch_day (user_id, day, plays, watched_ms)
        SELECT w.id, ?5, 1, ?4 FROM ${both} w WHERE ${counted}
        ON CONFLICT (user_id, day) DO UPDATE SET plays = plays + 1, watched_ms = watched_ms + excluded.watched_ms`,
      )
      .bind(...parameters, Math.floor(now / DAY_MS)),
    db
      .prepare(
        `INSERT INTO watch_count (user_id, kind, ref_id, plays, watched_ms)
        SELECT w.id, 'item', coalesce(i.root_id, i.id), 1, ?4 FROM ${both} w CROSS JOIN item i
        WHERE i.id = ?2 AND i.extra IS NULL AND ${counted}
        UNION ALL
        SELECT w.id, x.kind, x.id, 1, ?4 FROM ${both} w CROSS JOIN (
          SELECT DISTINCT f.kind, f.id FROM item i CROSS JOIN item_facet u ON u.item_id IN (i.id, i.root_id)
          CROSS JOIN facet f ON f.id = u.facet_id
          WHERE i.id = ?2 AND i.extra IS NULL AND f.kind IN ('genre', 'tag', 'studio', 'person') ORDER BY u.place LIMIT ${MAX_COUNTED_FACETS}) x
        WHERE ${counted}
        ON CONFLICT (user_id, kind, ref_id) DO UPDATE SET plays = plays + 1,
          watched_ms = watched_ms + excluded.watched_ms`,
      )
      .bind(...parameters),
  ];
}

/** Lists of what a person sees up to this length are looked through whole. */
const MAX_LISTED = 4_000;

export type By = 'plays' | 'time';
const COLUMN: Record<By, string> = { plays: 'plays', time: 'watched_ms' };

export interface Counts {
  plays: number;
  watchedMs: number;
}

/** What was watched most of what a person sees; by themselves or by everybody. */
export async function topItems(
  env: Db,
  scope: Scope,
  { everyone, by, limit }: { everyone: boolean; by: By; limit: number },
): Promise<(CardRow & Counts)[]> {
  const p = new Parameters(scope.userId, everyone ? EVERYONE : scope.userId, limit);
  const order = `c.${COLUMN[by]} DESC, c.ref_id DESC`;
  const { narrow } = scope;
  // Who sees least would be led past all that the others watch.
  const counts =
    narrow && narrow.items <= MAX_LISTED
      ? `(SELECT c.* FROM narrow_item d
          CROSS JOIN watch_count c ON c.user_id = ?2 AND c.kind = 'item' AND c.ref_id = d.item_id
          WHERE d.set_id = ${p.add(narrow.setId)} ORDER BY ${order} LIMIT ?3)`
      : 'watch_count';
  const { results } = await env.DB.prepare(
    `SELECT ${CARD_COLUMNS}, c.plays, c.watched_ms AS watchedMs FROM ${counts} c CROSS JOIN item i ON i.id = c.ref_id
    ${CARD_JOINS} WHERE c.user_id = ?2 AND c.kind = 'item' AND i.deleted_at IS NULL AND ${visible(scope, p)}
    ORDER BY ${order} LIMIT ?3`,
  )
    .bind(...p.values)
    .all<CardRow & Counts>();
  return results;
}

/** Which facets of a kind the watched titles have most. */
export async function topFacets(
  env: Db,
  scope: Scope,
  kind: FacetKind,
  { everyone, by, limit }: { everyone: boolean; by: By; limit: number },
): Promise<({ id: number; name: string } & Counts)[]> {
  const p = new Parameters(everyone ? EVERYONE : scope.userId, kind, limit);
  const { results } = await env.DB.prepare(
    `SELECT f.id, f.name, c.plays, c.watched_ms AS watchedMs FROM watch_count c CROSS JOIN facet f ON f.id = c.ref_id
    WHERE c.user_id = ?1 AND c.kind = ?2 AND f.items > 0 AND ${facetVisible(scope, p)}
    ORDER BY c.${COLUMN[by]} DESC, c.ref_id DESC LIMIT ?3`,
  )
    .bind(...p.values)
    .all<{ id: number; name: string } & Counts>();
  return results;
}

/** Plays by day (days since 1970), the newest first. */
export async function watchDays(
  env: Db,
  userId: number,
  everyone: boolean,
  days: number,
  now: number,
): Promise<({ day: number } & Counts)[]> {
  const { results } = await env.DB.prepare(
    `SELECT day, plays, watched_ms AS watchedMs FROM watch_day WHERE user_id = ?1 AND day > ?2 ORDER BY day DESC`,
  )
    .bind(everyone ? EVERYONE : userId, Math.floor(now / DAY_MS) - days)
    .all<{ day: number } & Counts>();
  return results;
}

/** Days that a summary adds up: a hundred years. */
const MAX_DAYS = 36_600;

/** All plays of a person or of everybody, and those since a day. */
export async function watchTotals(
  env: Db,
  userId: number,
  everyone: boolean,
  sinceDay: number,
): Promise<{ all: Counts; recent: Counts; days: number }> {
  const row = await env.DB.prepare(
    `SELECT count(*) AS days, coalesce(sum(plays), 0) AS plays, coalesce(sum(watched_ms), 0) AS watchedMs,
      coalesce(sum(plays) FILTER (WHERE day > ?2), 0) AS recentPlays,
      coalesce(sum(watched_ms) FILTER (WHERE day > ?2), 0) AS recentMs
    FROM (SELECT * FROM watch_day WHERE user_id = ?1 ORDER BY day DESC LIMIT ${MAX_DAYS})`,
  )
    .bind(everyone ? EVERYONE : userId, sinceDay)
    .first<{ days: number; plays: number; watchedMs: number; recentPlays: number; recentMs: number }>();
  const { days = 0, plays = 0, watchedMs = 0, recentPlays = 0, recentMs = 0 } = row ?? {};
  return { all: { plays, watchedMs }, recent: { plays: recentPlays, watchedMs: recentMs }, days };
}
