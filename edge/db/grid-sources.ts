import type { ItemsQuery } from '../../shared/api/items.ts';
import { hiddenTerm, Parameters, type Scope, visible, visibleInIndex } from './scopes.ts';

export type Direction = 'asc' | 'desc';

/** Sorts that an index of library_item has. */
export type IndexedSort = Exclude<ItemsQuery['sort'], 'played' | 'random'>;

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

/** Items of a person or of a kind, of which there are few. */
export type OwnList = 'favorite' | 'watched' | 'series';

/**
 * Where candidates come from. In the order of a page stand the library's always, a facet's by `added`, a list's by
 * `added` and `title`.
 */
export type GridSource =
  | { from: 'library'; sort: IndexedSort }
  | { from: 'facet'; facetId: number; sort: IndexedSort }
  /** All that a person sees, where that is little. */
  | { from: 'narrow'; setId: number; sort: IndexedSort }
  /** The years, or the ratings, of the filter in a library. */
  | { from: 'years' | 'ratings'; sort: IndexedSort }
  | { from: 'own'; list: OwnList; sort: IndexedSort }
  /** Titles that several facets seem to share. */
  | { from: 'shared'; ids: readonly number[]; sort: IndexedSort }
  | { from: 'played' }
  /** These ids in this order. */
  | { from: 'ids'; ids: readonly number[] };

export const COLUMN: Record<IndexedSort, string> = {
  ...{ added: 'added_at', title: 'sort_title', year: 'year', rating: 'rating', runtime: 'runtime' },
};

/** Newest titles that the order by "last played" looks at. */
const MAX_PLAYED = 5_000;

/** Items of a person that are looked at where a filter asks for them. */
const MAX_OWN = 20_000;

const OWN_LISTS: Record<OwnList, string> = {
  favorite: `SELECT item_id AS id FROM user_item WHERE user_id = ?1 AND favorite = 1`,
  // Begun and played ones, and the series of episodes.
  watched: `SELECT item_id AS id FROM user_item WHERE user_id = ?1 AND (played = 1 OR position_ms > 0)
    UNION SELECT item_id FROM user_parent WHERE user_id = ?1 AND played > 0`,
  series: `SELECT id FROM item WHERE kind = 'series' AND deleted_at IS NULL`,
};

/** Candidates as a statement begins with them: `d` has item_id, and added_at where `added` says so. */
interface Candidates {
  from: string;
  key: string;
  /** What makes them candidates; and what their own columns tell of them. */
  own: string[];
  terms: string[];
  /** These columns. */
  columns: string;
  order: string;
  /** Whether reading added_at of a candidate costs nothing. */
  added: boolean;
  /** Whether the person sees all of them. */
  seen: boolean;
}

export interface Page {
  dir: Direction;
  after: GridPlace | null;
}

const UNORDERED = { key: 'd.key', terms: [], columns: '', added: false, seen: false };

const INDEXED = ', d.year, d.rating, d.age';

/** The candidates of a source, as far as their own columns tell. */
export function candidatesOf(
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  page: Page,
  p: Parameters,
): Candidates {
  const [sign, order] = page.dir === 'asc' ? ['>', 'ASC'] : ['<', 'DESC'];
  const { after } = page;
  const beyond = (key: string, id: string) =>
    after ? `(${key}, ${id}) ${sign} (${p.add(after.key)}, ${p.add(after.id)})` : 'true';
  if (source.from === 'ids') {
    const ids = `(SELECT value AS item_id, key FROM json_each(${p.add(JSON.stringify(source.ids))}))`;
    return { ...UNORDERED, from: `${ids} d`, own: [], order: 'd.key' };
  }
  if (source.from === 'played') {
    const seen = `(SELECT coalesce(e.root_id, e.id) AS item_id, max(w.updated_at) AS key FROM (
        SELECT item_id, updated_at FROM user_item WHERE user_id = ?1 AND (plays > 0 OR position_ms > 0)
        ORDER BY updated_at DESC LIMIT ${MAX_PLAYED}) w
      CROSS JOIN item e ON e.id = coalesce((SELECT target_id FROM item_alias WHERE item_id = w.item_id), w.item_id)
      GROUP BY 1)`;
    const own = [beyond('d.key', 'd.item_id')];
    return { ...UNORDERED, from: `${seen} d`, own, order: `d.key ${order}, d.item_id ${order}` };
  }
  const key = `d.${COLUMN[source.sort]}`;
  const shared = { key, order: `${key} ${order}, d.item_id ${order}` };
  const place = beyond(key, 'd.item_id');
  const inLibrary = () => (filter.libraryId === null ? [] : [inLibraryTerm(filter.libraryId, p)]);
  switch (source.from) {
    case 'library': {
      const own = [`d.library_id = ${p.add(filter.libraryId ?? 0)}`, place];
      const added = source.sort === 'added';
      const terms = [...rangeTerms(filter, p), visibleInIndex(scope, p, null)];
      return { ...shared, from: 'library_item d', own, terms, columns: INDEXED, added, seen: false };
    }
    case 'years':
    case 'ratings': {
      const own = [`d.library_id = ${p.add(filter.libraryId ?? 0)}`, spanTerm(source.from, filter, p), place];
      const terms = [...rangeTerms(filter, p), visibleInIndex(scope, p, null)];
      const from = `library_item d INDEXED BY library_item_${source.from === 'years' ? 'year' : 'rating'}`;
      return { ...shared, from, own, terms, columns: INDEXED, added: false, seen: false };
    }
    case 'own':
    case 'shared': {
      const list =
        source.from === 'shared'
          ? `(SELECT value AS id FROM json_each(${p.add(JSON.stringify(source.ids))}))`
          : `(SELECT coalesce(a.target_id, o.id) AS id FROM (${OWN_LISTS[source.list]} LIMIT ${MAX_OWN}) o
        LEFT JOIN item_alias a ON a.item_id = o.id GROUP BY 1)`;
      const library = `d.library_id = ${p.add(filter.libraryId ?? 0)}`;
      const terms = [...rangeTerms(filter, p), visibleInIndex(scope, p, null)];
      const from = `${list} o CROSS JOIN library_item d ON ${library} AND d.item_id = o.id`;
      return { ...shared, from, own: [place], terms, columns: INDEXED, added: true, seen: false };
    }
    case 'facet': {
      const own = [`d.facet_id = ${p.add(source.facetId)} AND d.browse = 1`, place];
      const terms = [...rangeTerms(filter, p), visibleInIndex(scope, p, 'd.lib_mask'), ...inLibrary()];
      return {
        ...shared,
        from: 'facet_item d',
        own,
        terms,
        columns: `${INDEXED}, d.lib_mask`,
        added: true,
        seen: false,
      };
    }
    case 'narrow': {
      const own = [`d.set_id = ${p.add(source.setId)}`, place];
      const terms = [...rangeTerms(filter, p), ...inLibrary()];
      return {
        ...shared,
        from: source.sort === 'title' ? 'narrow_item d INDEXED BY narrow_item_title' : 'narrow_item d',
        own,
        terms,
        columns: `${INDEXED}, d.lib_mask`,
        added: true,
        seen: true,
      };
    }
    default:
      return source satisfies never;
  }
}

/** What the candidates' own columns do not tell: joins beside `d`, and conditions, the dear ones last. */
export function checksOf(
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  { added, seen }: Pick<Candidates, 'added' | 'seen'>,
  p: Parameters,
): { joins: string; terms: string[] } {
  const terms: string[] = [];
  const joins: string[] = [];
  // What is asked last, of the items that passed the rest: SQLite asks a condition as soon as its columns are there.
  let item = 'd.item_id';
  for (const [n, id] of filter.facetIds.entries()) {
    if (source.from === 'facet' && source.facetId === id) continue;
    const x = `x${n}`;
    // In the order of the candidates the probes lie side by side: three times as fast as by item.
    joins.push(
      added
        ? `CROSS JOIN facet_item ${x} ON ${x}.facet_id = ${p.add(id)} AND ${x}.added_at = d.added_at AND ${x}.item_id = ${item}`
        : `CROSS JOIN item_facet ${x} ON ${x}.item_id = ${item} AND ${x}.facet_id = ${p.add(id)}`,
    );
    item = `${x}.item_id`;
  }
  const unordered = source.from === 'played' || source.from === 'ids';
  if (unordered && filter.libraryId !== null) {
    const { narrow } = scope;
    // A list of what little a person sees is smaller than the library: the probes lie closer together.
    joins.push(
      narrow
        ? `CROSS JOIN narrow_item l INDEXED BY narrow_item_item ON l.set_id = ${p.add(narrow.setId)} AND l.item_id = ${item}`
        : `CROSS JOIN library_item l ON l.library_id = ${p.add(filter.libraryId)} AND l.item_id = ${item}`,
    );
    const own = narrow ? inLibraryTerm(filter.libraryId, p) : visibleInIndex(scope, p, null);
    const inLibrary = [...rangeTerms(filter, p), own];
    terms.unshift(...inLibrary.map((term) => term.replaceAll('d.', 'l.')));
  }
  const unchecked = unordered && filter.libraryId === null;
  if (unchecked || filter.kind !== undefined || filter.watched !== undefined) {
    joins.push(`CROSS JOIN item i ON i.id = ${item} AND i.browse = 1 AND i.deleted_at IS NULL`);
  }
  if (unchecked) terms.push(visible(scope, p, 'i', 'i'));
  if (filter.kind !== undefined) terms.push(`i.kind = ${p.add(filter.kind)}`);
  if (filter.watched !== undefined) {
    joins.push(`LEFT JOIN user_item u ON u.user_id = ?1 AND u.item_id = d.item_id
      LEFT JOIN user_parent w ON w.user_id = ?1 AND w.item_id = d.item_id`);
    terms.push(WATCHED[filter.watched]);
  }
  if (filter.favorite) {
    terms.push('EXISTS (SELECT 1 FROM user_item f WHERE f.user_id = ?1 AND f.item_id = d.item_id AND f.favorite = 1)');
  }
  // Last, since it reads all that an item has.
  const listed = unordered && filter.libraryId !== null && scope.narrow;
  if (!seen && !listed) terms.push(hiddenTerm(scope, p, item, null));
  return { joins: joins.join(' '), terms: terms.filter((term) => term !== '') };
}

const SEEN = `CASE WHEN i.kind = 'series' THEN coalesce(w.played, 0) >= i.episodes ELSE coalesce(u.played, 0) = 1 END`;

const WATCHED = {
  yes: SEEN,
  no: `NOT (${SEEN})`,
  begun: `(coalesce(u.position_ms, 0) > 0 OR (i.kind = 'series' AND w.played > 0 AND w.played < i.episodes))`,
};

function inLibraryTerm(libraryId: number, p: Parameters): string {
  return `(d.lib_mask & (SELECT 1 << bit FROM library WHERE id = ${p.add(libraryId)})) <> 0`;
}

/** With a plus, so that the index of the order is walked and none of a range, which would have to be sorted. */
function rangeTerms({ yearFrom, yearTo, ratingFrom, ratingTo }: GridFilter, p: Parameters): string[] {
  const terms: string[] = [];
  if (yearFrom !== undefined) terms.push(`+d.year >= ${p.add(yearFrom)}`);
  // Zero stands for what is not known.
  if (yearTo !== undefined) terms.push(`+d.year BETWEEN 1 AND ${p.add(yearTo)}`);
  if (ratingFrom !== undefined) terms.push(`+d.rating >= ${p.add(tenths(ratingFrom))}`);
  if (ratingTo !== undefined) terms.push(`+d.rating BETWEEN 1 AND ${p.add(tenths(ratingTo))}`);
  return terms;
}

const LAST_YEAR = 9_999;
const BEST_RATING = 100;

function spanTerm(of: 'years' | 'ratings', filter: GridFilter, p: Parameters): string {
  const { yearFrom, yearTo, ratingFrom = 0.1, ratingTo } = filter;
  return of === 'years'
    ? `d.year BETWEEN ${p.add(yearFrom ?? 1)} AND ${p.add(yearTo ?? LAST_YEAR)}`
    : `d.rating BETWEEN ${p.add(tenths(ratingFrom))} AND ${p.add(ratingTo === undefined ? BEST_RATING : tenths(ratingTo))}`;
}

const tenths = (rating: number) => Math.round(rating * 10);

/** How many candidates a source has, counted up to a bound. Answers `n`. */
export function countSql(
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  most: number,
): [string, Parameters['values']] {
  const p = new Parameters(scope.userId);
  const of = source.from === 'ratings' ? 'ratings' : 'years';
  const own =
    source.from === 'own'
      ? OWN_LISTS[source.list]
      : `SELECT 1 FROM library_item d WHERE d.library_id = ${p.add(filter.libraryId ?? 0)} AND ${spanTerm(of, filter, p)}`;
  return [`SELECT count(*) AS n, ?1 AS user FROM (SELECT 1 FROM (${own}) LIMIT ${p.add(most)})`, p.values];
}
