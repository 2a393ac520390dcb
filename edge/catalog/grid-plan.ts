import type { ItemsQuery } from '../../shared/api/items.ts';
import type { GridFilter, GridSource, IndexedSort } from '../db/grid-sources.ts';
import type { WantedFacet } from '../db/grids.ts';
import type { Scope } from '../db/scopes.ts';

/** What a page is planned by. */
export interface GridSizes {
  /** Titles of the library, or of all libraries. */
  titles: number;
  facets: readonly WantedFacet[];
  /** The titles that all of the facets share, where they are known. */
  shared?: readonly number[] | null;
}

/** Sources in the order in which they are asked. */
export interface GridPlan {
  /** Walked in the order of the page for as many candidates as are likely to fill it, and as many again. */
  first: { source: GridSource; scan: number } | null;
  /** Then this one, however long it takes: the one that has fewest candidates at all. */
  last: { source: GridSource; size: number };
  /** Sources that may have fewer yet: how many, only the database can tell. */
  countable: GridSource[];
}

/** Less is not worth a second question. */
const MIN_SCAN = 1_000;

/** What is looked at to fill a page, against what chance would need. */
const PATIENCE = 4;

/** What is walked before something smaller is looked for, where there may be such: an index, some milliseconds long. */
const MAX_FIRST = 24_000;

/** A source up to this size is walked to its end before anything smaller is looked for. */
const MAX_WHOLE = 4_000;

/** What a candidate costs that has to be sorted, and what it costs to ask it for a facet, by the order of the walk. */
const SORTING = 2;
const PROBING = { added: 1, other: 2 };

/** More are not handed back to the database: a walk soon has a page of them. */
const MAX_SHARED = 20_000;

/** What a filter lets through where nothing is known of it. */
const GUESS = { kind: 0.5, watched: 0.5, favorite: 0.02, years: 75 };

/**
 * Chooses what to walk for a page: whatever is likely to fill it first. Walking in the order of the page stops when
 * it is full, but may walk for long where hits are rare; a facet, or the list of what little a person sees, has an
 * end, but has to be sorted for any order but that of arrival.
 */
export function planGrid(
  sort: IndexedSort,
  scope: Scope,
  filter: GridFilter,
  { titles, facets, shared }: GridSizes,
  limit: number,
): GridPlan {
  const { libraryId } = filter;
  const all = Math.max(1, titles);
  const chance = facets.reduce((part, { items }) => part * Math.min(1, items / all), 1);
  const matches = (shared?.length ?? all * chance) * guessOf(scope, filter);
  const sources: { source: GridSource; size: number; ordered: boolean }[] = facets.map(({ id, items }) => ({
    source: { from: 'facet', facetId: id, sort },
    size: items,
    ordered: sort === 'added',
  }));
  if (scope.narrow) {
    const { setId, items } = scope.narrow;
    const ordered = sort === 'added' || sort === 'title';
    sources.push({ source: { from: 'narrow', setId, sort }, size: items, ordered });
  }
  if (libraryId !== null) sources.push({ source: { from: 'library', sort }, size: all, ordered: true });
  if (shared && shared.length <= MAX_SHARED)
    sources.push({ source: { from: 'shared', ids: shared, sort }, size: shared.length, ordered: false });
  const costs = sources.map((one) => {
    // What is shared is asked for its facets on the page alone.
    const probes =
      one.source.from === 'shared'
        ? 0
        : facets.filter(({ id }) => one.source.from !== 'facet' || one.source.facetId !== id).length;
    const beside = one.source.from === 'library' && sort !== 'added' ? PROBING.other : PROBING.added;
    const each = (one.ordered ? 1 : SORTING) + probes * beside;
    const walked = one.ordered ? Math.min(one.size, (limit * one.size) / Math.max(matches, 1e-9)) : one.size;
    return { ...one, walked, likely: walked * each, whole: one.size * each };
  });
  const smallest = costs.reduce((a, b) => (b.whole < a.whole ? b : a));
  const cheapest = costs.reduce((a, b) => (b.likely < a.likely ? b : a));
  const last = { source: smallest.source, size: smallest.size };
  const countable = libraryId === null ? [] : countableOf(sort, filter);
  const own = countable.some(({ from }) => from === 'own');
  if (own || !cheapest.ordered || (cheapest === smallest && countable.length === 0))
    return { first: null, last, countable };
  // Where chance is against it, walking costs no more than what comes after it.
  const most = Math.min(PATIENCE * cheapest.walked, smallest.whole, countable.length > 0 ? MAX_FIRST : all);
  const { source } = cheapest;
  // What would be walked to its end is asked once, where it is not worth to look for less.
  if (source.from !== 'library' && most >= cheapest.size && (countable.length === 0 || cheapest.size <= MAX_WHOLE))
    return { first: null, last: { source, size: cheapest.size }, countable: [] };
  return { first: { source, scan: Math.ceil(Math.max(MIN_SCAN, most)) }, last, countable };
}

function guessOf({ share, narrow }: Scope, filter: GridFilter): number {
  const { yearFrom, yearTo, ratingFrom, ratingTo, kind, watched, favorite } = filter;
  let part = narrow ? (share ?? 1) : Math.max(share ?? 1, 0.01);
  if (yearFrom !== undefined || yearTo !== undefined) {
    const span = Math.max(0, (yearTo ?? 2030) - Math.max(yearFrom ?? 1955, 1955)) + 1;
    part *= Math.min(1, span / GUESS.years);
  }
  if (ratingFrom !== undefined || ratingTo !== undefined)
    part *= Math.max(0.05, ((ratingTo ?? 10) - (ratingFrom ?? 0)) / 10);
  if (kind !== undefined) part *= GUESS.kind;
  if (watched !== undefined) part *= GUESS.watched;
  if (favorite) part *= GUESS.favorite;
  return part;
}

function countableOf(sort: IndexedSort, filter: GridFilter): GridSource[] {
  const { yearFrom, yearTo, ratingFrom, ratingTo, kind, watched, favorite } = filter;
  const sources: GridSource[] = [];
  if (favorite) sources.push({ from: 'own', list: 'favorite', sort });
  if (watched === 'yes' || watched === 'begun') sources.push({ from: 'own', list: 'watched', sort });
  if (kind === 'series') sources.push({ from: 'own', list: 'series', sort });
  if (yearFrom !== undefined || yearTo !== undefined) sources.push({ from: 'years', sort });
  if (ratingFrom !== undefined || ratingTo !== undefined) sources.push({ from: 'ratings', sort });
  return sources;
}

/** Whether a page without facets has one source, whatever the sizes: its library, in the order of the page. */
export function isWalked(sort: IndexedSort, { narrow }: Scope, filter: GridFilter): boolean {
  return filter.libraryId !== null && !narrow && countableOf(sort, filter).length === 0;
}

/** Sorts that a plan is made for. */
export function isIndexed(sort: ItemsQuery['sort']): sort is IndexedSort {
  return sort !== 'played' && sort !== 'random';
}
