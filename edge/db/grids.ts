import type { Bindings } from '../bindings.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';
import {
  candidatesOf,
  checksOf,
  countSql,
  type Direction,
  type GridFilter,
  type GridPlace,
  type GridSource,
} from './grid-sources.ts';
import { Parameters, type Scope } from './scopes.ts';

type Db = Pick<Bindings, 'DB'>;

export interface SlicePage {
  dir: Direction;
  after: GridPlace | null;
  limit: number;
}

/** Stands for no limit. */
const ALL = 1e9;

/** At most `limit` items of a grid after a place, out of the next `scan` candidates (null: of all). */
export async function gridHits(
  env: Db,
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  { dir, after, limit }: SlicePage,
  scan: number | null,
): Promise<GridPlace[]> {
  const p = new Parameters(scope.userId);
  const found = candidatesOf(scope, source, filter, { dir, after }, p);
  const where = (terms: readonly string[]) => terms.filter((term) => term !== '').join(' AND ') || 'true';
  const added = found.added ? ', d.added_at' : '';
  // Ids stand in their order already: sorting them would read them all.
  const order = source.from === 'ids' ? '' : `ORDER BY ${found.order}`;
  // Of a part of the candidates, whatever they are; or of all that their own columns let through.
  const terms = scan === null ? [...found.own, ...found.terms] : found.own;
  const some = `SELECT d.item_id, ${found.key} AS key${added}${found.columns} FROM ${found.from} WHERE ${where(terms)}
    ${order} LIMIT ${p.add(scan ?? ALL)}`;
  const checks = checksOf(scope, source, filter, found, p);
  const rest = scan === null ? checks.terms : [...found.terms, ...checks.terms];
  // What is dear to ask is asked in the order of the page, until that is full.
  const sql = `SELECT d.item_id AS id, d.key FROM (${some}) d ${checks.joins} WHERE ${where(rest)} LIMIT ${p.add(limit)}`;
  const { results } = await env.DB.prepare(sql)
    .bind(...p.values)
    .all<GridPlace>();
  return results;
}

/** The last of the next `scan` candidates after a place; null where there are fewer. */
export async function gridRest(
  env: Db,
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  { dir, after }: Pick<SlicePage, 'dir' | 'after'>,
  scan: number,
): Promise<GridPlace | null> {
  const p = new Parameters(scope.userId);
  const { from, key, own, order } = candidatesOf(scope, source, filter, { dir, after }, p);
  const sql = `SELECT d.item_id AS id, ${key} AS key FROM ${from} WHERE ${own.join(' AND ')}
    ORDER BY ${order} LIMIT 1 OFFSET ${p.add(scan - 1)}`;
  return env.DB.prepare(sql)
    .bind(...p.values)
    .first<GridPlace>();
}

/** How many candidates a source has; `most` stands for more. */
export async function countCandidates(
  env: Db,
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  most: number,
): Promise<number> {
  const [sql, values] = countSql(scope, source, filter, most);
  return (
    (await env.DB.prepare(sql)
      .bind(...values)
      .first<number>('n')) ?? 0
  );
}

/** Cards of items, in the order of their ids. */
export async function cardsOf(env: Db, userId: number, ids: readonly number[]): Promise<CardRow[]> {
  if (ids.length === 0) return [];
  const { results } = await env.DB.prepare(
    `SELECT ${CARD_COLUMNS} FROM json_each(?2) j CROSS JOIN item i ON i.id = j.value AND i.deleted_at IS NULL ${CARD_JOINS}`,
  )
    .bind(userId, JSON.stringify(ids))
    .all<CardRow>();
  const byId = new Map(results.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

export interface WantedFacet {
  id: number;
  items: number;
  /** Whether its titles stand in whole blocks. */
  blocked: boolean;
}

/**
 * Facets by their ids and keys, the rarest first; null where one of them is not there, or hidden with all that has
 * it. With how many titles the library has (null: all of them), null where there is no such library.
 */
export async function gridSizes(
  env: Db,
  { hiddenSet }: Scope,
  libraryId: number | null,
  ids: readonly number[],
  keys: readonly string[],
): Promise<{ facets: WantedFacet[] | null; titles: number | null }> {
  const [found, library] = await env.DB.batch<(WantedFacet & { blocks: number }) | { titles: number }>([
    env.DB.prepare(
      `SELECT id, items, blocks FROM (
        SELECT f.id, f.items, f.blocks FROM json_each(?1) j CROSS JOIN facet f ON f.id = j.value
        UNION SELECT f.id, f.items, f.blocks FROM json_each(?2) j CROSS JOIN facet f ON f.key = j.value)
      WHERE NOT EXISTS (SELECT 1 FROM hidden_facet WHERE set_id = ?3 AND facet_id = id)`,
    ).bind(JSON.stringify(ids), JSON.stringify(keys), hiddenSet),
    libraryId === null
      ? env.DB.prepare('SELECT coalesce(sum(items), 0) AS titles FROM library WHERE deleted_at IS NULL')
      : env.DB.prepare('SELECT items AS titles FROM library WHERE id = ?1 AND deleted_at IS NULL').bind(libraryId),
  ]);
  const facets = ((found?.results ?? []) as (WantedFacet & { blocks: number })[]).map(({ id, items, blocks }) => {
    return { id, items, blocked: blocks === 2 };
  });
  const [row] = (library?.results ?? []) as { titles: number }[];
  const all = facets.length === new Set([...ids, ...keys]).size;
  return { facets: all ? facets.sort((a, b) => a.items - b.items) : null, titles: row?.titles ?? null };
}

/** The greatest id that an item has. */
export async function lastItemId(env: Db): Promise<number> {
  return (await env.DB.prepare('SELECT max(id) AS id FROM item').first<number>('id')) ?? 0;
}

/** Ids of the candidates of a source as far as their own columns tell, at most `limit`, in no order. */
export async function candidateIds(
  env: Db,
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  limit: number,
): Promise<number[]> {
  const p = new Parameters(scope.userId);
  const { from, own, terms } = candidatesOf(scope, source, filter, { dir: 'asc', after: null }, p);
  const { results } = await env.DB.prepare(
    `SELECT d.item_id AS id FROM ${from} WHERE ${[...own, ...terms].join(' AND ')} LIMIT ${p.add(limit)}`,
  )
    .bind(...p.values)
    .all<{ id: number }>();
  return results.map((row) => row.id);
}
