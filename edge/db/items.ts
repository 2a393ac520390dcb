import { and, eq, isNull } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { ItemKind } from '../../shared/api/items.ts';
import type { ExtraKind } from '../../shared/protocol/sync.ts';
import type { Bindings } from '../bindings.ts';
import type { FacetKind } from '../catalog/facets.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';
import { item } from './schema.ts';
import { Parameters, type Scope, visible } from './scopes.ts';

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
export async function itemById(env: Pick<Bindings, 'DB'>, id: number): Promise<ItemRow | null> {
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

/** A live item as its card shows it to a person who may see it, or null. */
export function cardById(env: Pick<Bindings, 'DB'>, scope: Scope, id: number): Promise<CardRow | null> {
  const parameters = new Parameters(scope.userId, id);
  return env.DB.prepare(
    `SELECT ${CARD_COLUMNS} FROM item i ${CARD_JOINS}
    WHERE i.id = ?2 AND i.deleted_at IS NULL AND ${visible(scope, parameters)}`,
  )
    .bind(...parameters.values)
    .first<CardRow>();
}

/** The item that another was merged into, or null. */
export function aliasOf(env: Pick<Bindings, 'DB'>, id: number): Promise<number | null> {
  return env.DB.prepare('SELECT target_id FROM item_alias WHERE item_id = ?1').bind(id).first<number>('target_id');
}

/** Titles that were merged into an item, at most this many. */
const MAX_MERGED = 100;

/** The titles that were merged into an item, as they were called. */
export async function mergedInto(
  env: Pick<Bindings, 'DB'>,
  id: number,
): Promise<{ id: number; title: string; year: number | null }[]> {
  const { results } = await env.DB.prepare(
    `SELECT i.id, i.title, i.year FROM item_alias a CROSS JOIN item i ON i.id = a.item_id AND i.browse = 1
    WHERE a.target_id = ?1 ORDER BY i.id LIMIT ${MAX_MERGED}`,
  )
    .bind(id)
    .all<{ id: number; title: string; year: number | null }>();
  return results;
}

export interface DetailRow extends CardRow {
  /** JSON of its description, and of what an admin has said in its place. */
  body: string | null;
  edit: string | null;
  /** The drawn title; null for none. */
  logo: string | null;
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

/** A facet of an item, in the order in which it was named. */
export interface ItemFacetRow {
  id: number;
  kind: FacetKind;
  name: string;
  role: string | null;
  character: string | null;
}

/** Most extras of one title that are shown. */
const MAX_EXTRAS = 100;

type ExtraRow = CardRow & { extra: ExtraKind };

/** The drawn title of an item `i`: of its oldest file that has one, of a series of any episode's. */
const LOGO = `CASE i.kind WHEN 'series' THEN (
    SELECT p.images->>'seriesLogo' FROM item e CROSS JOIN file p ON p.item_id = e.id
    WHERE e.root_id = i.id AND e.kind = 'episode' AND e.deleted_at IS NULL AND p.deleted_at IS NULL
      AND p.images->>'seriesLogo' IS NOT NULL LIMIT 1)
  ELSE (
    SELECT p.images->>'logo' FROM file p WHERE p.item_id = i.id AND p.deleted_at IS NULL
      AND p.images->>'logo' IS NOT NULL LIMIT 1)
  END`;

/**
 * A live item with all that its page shows: what to play next, and what comes along with it (also where that was
 * claimed under a title that was merged into it), trailers first. Null where a person sees none.
 */
export async function itemDetail(
  env: Pick<Bindings, 'DB'>,
  scope: Scope,
  id: number,
): Promise<{ item: DetailRow; facets: ItemFacetRow[]; next: CardRow | null; extras: ExtraRow[] } | null> {
  const itself = new Parameters(scope.userId, id);
  const after = new Parameters(scope.userId, id);
  const beside = new Parameters(scope.userId, id, MAX_EXTRAS);
  const shown = visible(scope, itself);
  const mask = scope.libMask === null ? 'true' : `((1 << bit) & ${itself.add(scope.libMask)}) <> 0`;
  const [found, facets, next, extras] = await env.DB.batch<DetailRow | ItemFacetRow | CardRow>([
    env.DB.prepare(
      `SELECT ${CARD_COLUMNS}, d.body, e.fields AS edit, ${LOGO} AS logo, i.added_at AS addedAt, i.parent_id AS parentId,
        l.id AS libraryId, l.name AS libraryName
      FROM item i ${CARD_JOINS}
      LEFT JOIN description d ON d.hash = i.described
      LEFT JOIN item_edit e ON e.item_id = i.id
      LEFT JOIN library l ON l.id = (
        SELECT id FROM library WHERE (i.lib_mask & (1 << bit)) <> 0 AND deleted_at IS NULL AND ${mask}
        ORDER BY id LIMIT 1)
      WHERE i.id = ?2 AND i.deleted_at IS NULL AND ${shown}`,
    ).bind(...itself.values),
    env.DB.prepare(
      `SELECT f.id, f.kind, f.name, x.role, x.character FROM item_facet x CROSS JOIN facet f ON f.id = x.facet_id
      WHERE x.item_id = ?1 AND f.kind IN ('genre', 'tag', 'studio', 'collection', 'person') ORDER BY x.place`,
    ).bind(id),
    env.DB.prepare(
      `SELECT ${CARD_COLUMNS} FROM (SELECT ${NEXT_ID} AS id FROM item i WHERE i.id = ?2) n
      CROSS JOIN item i ON i.id = n.id ${CARD_JOINS} WHERE ${visible(scope, after)}`,
    ).bind(...after.values),
    env.DB.prepare(
      `SELECT ${CARD_COLUMNS}, i.extra FROM (
        SELECT ?2 AS id UNION SELECT item_id FROM item_alias WHERE target_id = ?2
      ) t CROSS JOIN item i ON i.parent_id = t.id AND i.extra IS NOT NULL AND i.deleted_at IS NULL ${CARD_JOINS}
      WHERE ${visible(scope, beside)} ORDER BY i.extra <> 'trailer', i.sort_title, i.id LIMIT ?3`,
    ).bind(...beside.values),
  ]);
  const item = found?.results[0] as DetailRow | undefined;
  if (!item) return null;
  return {
    item,
    facets: (facets?.results ?? []) as ItemFacetRow[],
    next: (next?.results[0] as CardRow | undefined) ?? null,
    extras: (extras?.results ?? []) as ExtraRow[],
  };
}

/**
 * The seasons of a series or the episodes of a season, by number, from after `after`: `sortKey` is that number.
 */
export async function childrenOf(
  env: Pick<Bindings, 'DB'>,
  scope: Scope,
  parent: { id: number; kind: ItemKind },
  after: number,
  limit: number,
): Promise<(CardRow & { sortKey: number })[]> {
  const key = parent.kind === 'series' ? 'i.season' : 'i.idx';
  const parameters = new Parameters(scope.userId, parent.id, after, limit);
  const { results } = await env.DB.prepare(
    `SELECT ${CARD_COLUMNS}, ${key} AS sortKey FROM item i ${CARD_JOINS}
    WHERE i.parent_id = ?2 AND i.deleted_at IS NULL AND ${key} > ?3 AND ${visible(scope, parameters)}
    ORDER BY i.season, i.idx LIMIT ?4`,
  )
    .bind(...parameters.values)
    .all<CardRow & { sortKey: number }>();
  return results;
}
