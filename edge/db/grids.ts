import type { ItemsQuery } from '../../shared/api/items.ts';
import type { Env } from '../env.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';
import { hiddenTerm, Parameters, type Scope, visible, visibleInIndex } from './scopes.ts';

type Db = Pick<Env, 'DB'>;
export type Direction = 'asc' | 'desc';
export type Sort = ItemsQuery['sort'];

/** Sorts that an index of library_item has. */
export type IndexedSort = Exclude<Sort, 'played' | 'random'>;

/** A place in a grid: what it is sorted by there, and the item. */
export interface GridPlace {
  key: number | string;
  id: number;
}

/** What narrows a grid down, with the facets by their ids. */
export interface GridFilter {
  libraryId: number | null;
  facetIds: readonly number[];
  kind: string | undefined;
  yearFrom: number | undefined;
  yearTo: number | undefined;
  ratingFrom: number | undefined;
  ratingTo: number | undefined;
  watched: 'yes' | 'no' | 'begun' | undefined;
  favorite: boolean;
}

/** Where candidates come from, in which order. */
export type GridSource =
  | { from: 'library'; sort: IndexedSort }
  /** A facet's items: by when they were added they stand in order, by anything else they are sorted. */
  | { from: 'facet'; facetId: number; sort: IndexedSort }
  | { from: 'played' }
  /** These ids in this order. */
  | { from: 'ids'; ids: readonly number[] };

export const COLUMN: Record<IndexedSort, string> = {
  ...{ added: 'added_at', title: 'sort_title', year: 'year', rating: 'rating', runtime: 'runtime' },
};

/** Newest titles that the order by "last played" looks at. */
const MAX_PLAYED = 5_000;

export interface Slice {
  hits: GridPlace[];
  /** Where candidates were left, null at their end. */
  rest: GridPlace | null;
}

/** At most `limit` items of a grid after a place, out of the next `scan` candidates. */
export async function gridSlice(
  env: Db,
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  page: { dir: Direction; after: GridPlace | null; limit: number; scan: number },
): Promise<Slice> {
  const parameters = new Parameters(scope.userId);
  const candidates = candidatesSql(scope, source, filter, page, parameters);
  const shared = parameters.values.length;
  const checks = checksOf(scope, source, filter, parameters);
  const pick = env.DB.prepare(
    `SELECT c.id, c.key FROM (${candidates}) c ${checks.joins} WHERE ${checks.where} LIMIT ${parameters.add(page.limit)}`,
  ).bind(...parameters.values);
  const { results: hits } = await pick.all<GridPlace>();
  const last = hits.at(-1);
  if (last && hits.length === page.limit) return { hits, rest: last };
  const rest = await env.DB.prepare(`SELECT c.id, c.key FROM (${candidates}) c LIMIT 1 OFFSET ?${shared + 1}`)
    .bind(...parameters.values.slice(0, shared), page.scan - 1)
    .first<GridPlace>();
  return { hits, rest };
}

function candidatesSql(
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  { dir, after, scan }: { dir: Direction; after: GridPlace | null; scan: number },
  p: Parameters,
): string {
  const [sign, order] = dir === 'asc' ? ['>', 'ASC'] : ['<', 'DESC'];
  const beyond = (key: string, id: string) =>
    after ? `(${key}, ${id}) ${sign} (${p.add(after.key)}, ${p.add(after.id)})` : 'true';
  switch (source.from) {
    case 'library':
    case 'facet': {
      const column = `d.${COLUMN[source.sort]}`;
      const [table, own] =
        source.from === 'library'
          ? ['library_item', `d.library_id = ${p.add(filter.libraryId ?? 0)}`]
          : ['facet_item', `d.facet_id = ${p.add(source.facetId)} AND d.browse = 1`];
      const terms = [own, beyond(column, 'd.item_id'), ...rangeTerms(filter, p)];
      terms.push(visibleInIndex(scope, p, source.from === 'facet' ? 'd.lib_mask' : null));
      if (source.from === 'facet' && filter.libraryId !== null)
        terms.push(inLibrary('d.lib_mask', filter.libraryId, p));
      return `SELECT d.item_id AS id, ${column} AS key FROM ${table} d WHERE ${terms.join(' AND ')}
        ORDER BY ${column} ${order}, d.item_id ${order} LIMIT ${p.add(scan)}`;
    }
    case 'played':
      return `SELECT id, key FROM (
          SELECT coalesce(e.root_id, e.id) AS id, max(w.updated_at) AS key FROM (
            SELECT item_id, updated_at FROM user_item WHERE user_id = ?1 AND (plays > 0 OR position_ms > 0)
            ORDER BY updated_at DESC LIMIT ${MAX_PLAYED}) w
          CROSS JOIN item e ON e.id = coalesce((SELECT target_id FROM item_alias WHERE item_id = w.item_id), w.item_id)
          GROUP BY 1)
        WHERE ${beyond('key', 'id')} ORDER BY key ${order}, id ${order} LIMIT ${p.add(scan)}`;
    case 'ids':
      return `SELECT j.value AS id, j.key AS key FROM json_each(${p.add(JSON.stringify(source.ids))}) j LIMIT ${p.add(scan)}`;
    default:
      return source satisfies never;
  }
}

/** What the candidates' own columns do not tell. */
function checksOf(
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  p: Parameters,
): { joins: string; where: string } {
  const terms: string[] = [];
  for (const id of filter.facetIds) {
    if (source.from === 'facet' && source.facetId === id) continue;
    terms.push(`EXISTS (SELECT 1 FROM item_facet x WHERE x.item_id = c.id AND x.facet_id = ${p.add(id)})`);
  }
  const joins: string[] = [];
  const unordered = source.from === 'played' || source.from === 'ids';
  if (unordered && filter.libraryId !== null) {
    joins.push(`CROSS JOIN library_item d ON d.library_id = ${p.add(filter.libraryId)} AND d.item_id = c.id`);
    terms.unshift(...rangeTerms(filter, p), visibleInIndex(scope, p, null));
  }
  const unchecked = unordered && filter.libraryId === null;
  if (unchecked || filter.kind !== undefined || filter.watched !== undefined) {
    joins.push('CROSS JOIN item i ON i.id = c.id AND i.browse = 1 AND i.deleted_at IS NULL');
  }
  if (unchecked) terms.push(visible(scope, p, 'i', 'i'));
  if (filter.kind !== undefined) terms.push(`i.kind = ${p.add(filter.kind)}`);
  if (filter.watched !== undefined) {
    joins.push(`LEFT JOIN user_item u ON u.user_id = ?1 AND u.item_id = c.id
      LEFT JOIN user_parent w ON w.user_id = ?1 AND w.item_id = c.id`);
    terms.push(WATCHED[filter.watched]);
  }
  if (filter.favorite) {
    terms.push('EXISTS (SELECT 1 FROM user_item f WHERE f.user_id = ?1 AND f.item_id = c.id AND f.favorite = 1)');
  }
  // Last, since it reads all that an item has.
  terms.push(hiddenTerm(scope, p, 'c.id', null));
  return { joins: joins.join(' '), where: terms.filter((term) => term !== '').join(' AND ') || 'true' };
}

const SEEN = `CASE WHEN i.kind = 'series' THEN coalesce(w.played, 0) >= i.episodes ELSE coalesce(u.played, 0) = 1 END`;

const WATCHED = {
  yes: SEEN,
  no: `NOT (${SEEN})`,
  begun: `(coalesce(u.position_ms, 0) > 0 OR (i.kind = 'series' AND w.played > 0 AND w.played < i.episodes))`,
};

/** With a plus, so that the index of the order is walked and none of a range, which would have to be sorted. */
function rangeTerms({ yearFrom, yearTo, ratingFrom, ratingTo }: GridFilter, p: Parameters): string[] {
  const terms: string[] = [];
  if (yearFrom !== undefined) terms.push(`+d.year >= ${p.add(yearFrom)}`);
  // Zero stands for what is not known.
  if (yearTo !== undefined) terms.push(`+d.year BETWEEN 1 AND ${p.add(yearTo)}`);
  if (ratingFrom !== undefined) terms.push(`+d.rating >= ${p.add(Math.round(ratingFrom * 10))}`);
  if (ratingTo !== undefined) terms.push(`+d.rating BETWEEN 1 AND ${p.add(Math.round(ratingTo * 10))}`);
  return terms;
}

function inLibrary(mask: string, libraryId: number, p: Parameters): string {
  return `(${mask} & (SELECT 1 << bit FROM library WHERE id = ${p.add(libraryId)})) <> 0`;
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
}

/** Facets by their ids and keys; null where one of them is not there. */
export async function wantedFacets(
  env: Db,
  ids: readonly number[],
  keys: readonly string[],
): Promise<WantedFacet[] | null> {
  if (ids.length + keys.length === 0) return [];
  const { results } = await env.DB.prepare(
    `SELECT f.id, f.items FROM json_each(?1) j CROSS JOIN facet f ON f.id = j.value
    UNION SELECT f.id, f.items FROM json_each(?2) j CROSS JOIN facet f ON f.key = j.value`,
  )
    .bind(JSON.stringify(ids), JSON.stringify(keys))
    .all<WantedFacet>();
  return results.length < new Set([...ids, ...keys]).size ? null : results.sort((a, b) => a.items - b.items);
}

/** How large a library is among all ids, for the order by chance. */
export async function librarySpread(env: Db, libraryId: number): Promise<{ items: number; lastId: number } | null> {
  return env.DB.prepare(
    `SELECT l.items, (SELECT max(id) FROM item) AS lastId FROM library l WHERE l.id = ?1 AND l.deleted_at IS NULL`,
  )
    .bind(libraryId)
    .first<{ items: number; lastId: number }>();
}

/** All ids of a library, at most `limit`. */
export async function libraryIds(env: Db, libraryId: number, limit: number): Promise<number[]> {
  const { results } = await env.DB.prepare('SELECT item_id AS id FROM library_item WHERE library_id = ?1 LIMIT ?2')
    .bind(libraryId, limit)
    .all<{ id: number }>();
  return results.map((row) => row.id);
}
