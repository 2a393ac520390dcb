import { and, eq, isNull } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { ItemKind } from '../../shared/api/items.ts';
import type { Env } from '../env.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';
import { item } from './schema.ts';

export interface ItemRow {
  id: number;
  kind: ItemKind;
  title: string;
  /** Of the series, for a season or an episode. */
  rootId: number | null;
  season: number | null;
  idx: number | null;
  durationMs: number | null;
}

/** A live item, or null. */
export async function itemById(env: Pick<Env, 'DB'>, id: number): Promise<ItemRow | null> {
  const [row] = await drizzle(env.DB)
    .select({
      id: item.id,
      kind: item.kind,
      title: item.title,
      rootId: item.rootId,
      season: item.season,
      idx: item.idx,
      durationMs: item.durationMs,
    })
    .from(item)
    .where(and(eq(item.id, id), isNull(item.deletedAt)));
  return row ?? null;
}

/** A live item as its card shows it to one person, or null. */
export function cardById(env: Pick<Env, 'DB'>, userId: number, id: number): Promise<CardRow | null> {
  return env.DB.prepare(`SELECT ${CARD_COLUMNS} FROM item i ${CARD_JOINS} WHERE i.id = ?2 AND i.deleted_at IS NULL`)
    .bind(userId, id)
    .first<CardRow>();
}

export interface DetailRow extends CardRow {
  overview: string | null;
  addedAt: number;
  parentId: number | null;
  libraryId: number | null;
  libraryName: string | null;
}

/** What to play after an episode `i`, or of a series `i`: what is begun, what comes after the last, the first. */
const NEXT_ID = `CASE i.kind
  WHEN 'episode' THEN (
    SELECT e.id FROM item e WHERE e.root_id = i.root_id AND e.kind = 'episode' AND e.deleted_at IS NULL
      AND (e.season, e.idx) > (i.season, i.idx) ORDER BY e.season, e.idx LIMIT 1)
  WHEN 'series' THEN coalesce(
    (SELECT e.id FROM item e CROSS JOIN user_item x ON x.user_id = ?1 AND x.item_id = e.id
      WHERE e.root_id = i.id AND e.kind = 'episode' AND e.deleted_at IS NULL AND x.position_ms > 0 AND x.played = 0
      ORDER BY x.updated_at DESC LIMIT 1),
    (SELECT e.id FROM user_parent l CROSS JOIN item e LEFT JOIN user_item x ON x.user_id = ?1 AND x.item_id = e.id
      WHERE l.user_id = ?1 AND l.item_id = i.id AND e.root_id = i.id AND e.kind = 'episode' AND e.deleted_at IS NULL
        AND (e.season, e.idx) > (l.last_season, l.last_idx) AND coalesce(x.played, 0) = 0
      ORDER BY e.season, e.idx LIMIT 1),
    (SELECT e.id FROM item e LEFT JOIN user_item x ON x.user_id = ?1 AND x.item_id = e.id
      WHERE e.root_id = i.id AND e.kind = 'episode' AND e.deleted_at IS NULL AND e.season > 0
        AND coalesce(x.played, 0) = 0
      ORDER BY e.season, e.idx LIMIT 1),
    (SELECT e.id FROM item e WHERE e.root_id = i.id AND e.kind = 'episode' AND e.deleted_at IS NULL AND e.season > 0
      ORDER BY e.season, e.idx LIMIT 1),
    (SELECT e.id FROM item e WHERE e.root_id = i.id AND e.kind = 'episode' AND e.deleted_at IS NULL
      ORDER BY e.season, e.idx LIMIT 1))
  END`;

/** A live item with all that its page shows, and what to play next; null where there is none. */
export async function itemDetail(
  env: Pick<Env, 'DB'>,
  userId: number,
  id: number,
): Promise<{ item: DetailRow; next: CardRow | null } | null> {
  const [found, next] = await env.DB.batch<DetailRow | CardRow>([
    env.DB.prepare(
      `SELECT ${CARD_COLUMNS}, d.overview, i.added_at AS addedAt, i.parent_id AS parentId,
        l.id AS libraryId, l.name AS libraryName
      FROM item i ${CARD_JOINS}
      LEFT JOIN item_detail d ON d.item_id = i.id
      LEFT JOIN library l ON l.id = (
        SELECT id FROM library WHERE (i.lib_mask & (1 << bit)) <> 0 AND deleted_at IS NULL ORDER BY id LIMIT 1)
      WHERE i.id = ?2 AND i.deleted_at IS NULL`,
    ).bind(userId, id),
    env.DB.prepare(
      `SELECT ${CARD_COLUMNS} FROM (SELECT ${NEXT_ID} AS id FROM item i WHERE i.id = ?2) n
      CROSS JOIN item i ON i.id = n.id ${CARD_JOINS}`,
    ).bind(userId, id),
  ]);
  const item = found?.results[0] as DetailRow | undefined;
  return item ? { item, next: (next?.results[0] as CardRow | undefined) ?? null } : null;
}

/**
 * The seasons of a series or the episodes of a season, by number, from after `after`: `sortKey` is that number.
 */
export async function childrenOf(
  env: Pick<Env, 'DB'>,
  userId: number,
  parent: { id: number; kind: ItemKind },
  after: number,
  limit: number,
): Promise<(CardRow & { sortKey: number })[]> {
  const key = parent.kind === 'series' ? 'i.season' : 'i.idx';
  const { results } = await env.DB.prepare(
    `SELECT ${CARD_COLUMNS}, ${key} AS sortKey FROM item i ${CARD_JOINS}
    WHERE i.parent_id = ?2 AND i.deleted_at IS NULL AND ${key} > ?3 ORDER BY i.season, i.idx LIMIT ?4`,
  )
    .bind(userId, parent.id, after, limit)
    .all<CardRow & { sortKey: number }>();
  return results;
}
