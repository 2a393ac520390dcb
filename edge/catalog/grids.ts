import { z } from 'zod';
import type { ItemCard, ItemFilters, ItemsQuery } from '../../shared/api/items.ts';
import type { Page } from '../../shared/api/paging.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Direction, GridFilter, GridPlace, GridSource } from '../db/grid-sources.ts';
import { cardsOf, gridHits, gridRest, gridSizes, type SlicePage, type WantedFacet } from '../db/grids.ts';
import { libraryExists } from '../db/libraries.ts';
import type { Scope } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import { showCards } from './cards.ts';
import { CursorId, decodeCursor, encodeCursor } from './cursors.ts';
import { type FacetKind, facetOf } from './facets.ts';
import { type GridSizes, isIndexed, isWalked, planGrid } from './grid-plan.ts';
import { randomPlaces } from './random-order.ts';
import { scopeKey } from './scope.ts';
import { mixed } from './shuffle.ts';
import { sharedOf, smallestOf } from './smallest-source.ts';

const GridCursor = z.object({
  sort: z.string().max(10),
  dir: z.enum(['asc', 'desc']),
  key: z.union([z.number(), z.string().max(200)]),
  id: CursorId,
  /** Of the filters and of what the person sees: the place means something else under others. */
  of: z.number().int(),
});

/** Titles from A, everything else from the greatest. */
const NATURAL = { title: 'asc', random: 'asc' } as const;

/** Candidates that one question looks at where nothing helps but walking on: the first, and each after it. */
const FIRST_SCAN = 1_000;
const MAX_SCAN = 64_000;

/** One page of a library's grid, or of what facets hold together. The cursor names a place: nothing shifts. */
export async function browseGrid(
  env: Env,
  scope: Scope,
  libraryId: number | null,
  query: ItemsQuery,
): Promise<Page<ItemCard>> {
  const { sort, limit } = query;
  const dir: Direction = query.dir ?? (sort in NATURAL ? NATURAL[sort as keyof typeof NATURAL] : 'desc');
  const of = hashOf(JSON.stringify([libraryId, query.seed, scopeKey(scope), filtersOf(query)]));
  const after = decodeCursor(query.cursor, GridCursor);
  if (after && (after.sort !== sort || after.dir !== dir || after.of !== of || typeof after.key !== keyType(sort))) {
    throw new HearthcastError('bad-request', 'The cursor is of another list. Begin again without it.');
  }
  const page = { dir, after, limit: limit + 1 };
  const [facetIds, traitKeys] = [facetIdsOf(query), traitKeysOf(query)];
  const unfiltered = gridFilter(libraryId, [], query);
  // Nothing to plan: the page is asked for together with what is known of the library.
  const plain = facetIds.length + traitKeys.length === 0 && isIndexed(sort) && isWalked(sort, scope, unfiltered);
  const [{ facets, titles }, walked] = await Promise.all([
    gridSizes(env, scope, libraryId, facetIds, traitKeys),
    plain ? walk(env, scope, { from: 'library', sort }, unfiltered, page) : null,
  ]);
  const empty = { items: [], next: null };
  if (libraryId === null && sort !== 'played' && (!facets || facets.length === 0)) {
    if (facets) throw new HearthcastError('bad-request', 'Name a genre, tag, person, studio or collection.');
    return empty;
  }
  if (titles === null || (libraryId !== null && scope.libMask !== null && !(await mayEnter(env, scope, libraryId)))) {
    throw new HearthcastError('not-found');
  }
  const filter = gridFilter(libraryId, facets ?? [], query);
  let found: Found[] = walked ?? [];
  if (facets && !walked) {
    if (isIndexed(sort)) found = await planned(env, scope, sort, filter, { titles, facets }, page);
    else if (sort === 'random') found = await randomPlaces(env, scope, filter, { titles, facets }, query.seed, page);
    else found = await walk(env, scope, { from: 'played' }, filter, page);
  }
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1)?.place : undefined;
  const ids = shown.map((one) => one.id);
  const items = await showCards(env, scope, await cardsOf(env, scope.userId, ids));
  return { items, next: last ? encodeCursor({ sort, dir, ...last, of }) : null };
}

/** An item of a page, and what the cursor after it says. */
interface Found {
  id: number;
  place: GridPlace;
}

function mayEnter(env: Env, { libMask }: Scope, libraryId: number): Promise<boolean> {
  return libraryExists(env, libraryId, libMask);
}

/** Asks the likeliest source for as long as it is likely to fill the page, then the smallest for the rest of it. */
async function planned(
  env: Env,
  scope: Scope,
  sort: Parameters<typeof planGrid>[0],
  filter: GridFilter,
  sizes: GridSizes,
  page: SlicePage,
): Promise<Found[]> {
  const shared = await sharedOf(env, filter, sizes.facets);
  const { first, ...rests } = planGrid(sort, scope, filter, { ...sizes, shared }, page.limit);
  const hits = first ? await gridHits(env, scope, first.source, filter, page, first.scan) : [];
  if (hits.length >= page.limit) return hits.map(foundAt);
  const rest = { ...page, after: hits.at(-1) ?? page.after, limit: page.limit - hits.length };
  const smallest = await smallestOf(env, scope, filter, rests);
  if (smallest.source.from === 'library')
    return [...hits.map(foundAt), ...(await walk(env, scope, smallest.source, filter, rest))];
  return [...hits, ...(await gridHits(env, scope, smallest.source, filter, rest, null))].map(foundAt);
}

const foundAt = (place: GridPlace): Found => ({ id: place.id, place });

/** Asks for candidates until the page is full: sparse hits make the page slower, never shorter. */
async function walk(
  env: Env,
  scope: Scope,
  source: GridSource,
  filter: GridFilter,
  { dir, after, limit }: SlicePage,
): Promise<Found[]> {
  const found: Found[] = [];
  let place = after;
  for (let scan = FIRST_SCAN; ; scan = Math.min(scan * 8, MAX_SCAN)) {
    const page = { dir, after: place, limit: limit - found.length };
    found.push(...(await gridHits(env, scope, source, filter, page, scan)).map(foundAt));
    if (found.length >= limit) return found;
    place = await gridRest(env, scope, source, filter, page, scan);
    if (!place) return found;
  }
}

const TRAITS: readonly (FacetKind & keyof ItemFilters)[] = ['resolution', 'codec', 'hdr', 'language', 'site'];
const NAMED: readonly (FacetKind & keyof ItemFilters)[] = ['genre', 'tag', 'person', 'studio', 'collection'];

function facetIdsOf(query: ItemFilters): number[] {
  return [...new Set(NAMED.flatMap((kind) => query[kind]?.split(',').map(Number) ?? []))];
}

function traitKeysOf(query: ItemFilters): string[] {
  return TRAITS.flatMap((kind) => (query[kind] === undefined ? [] : [facetOf(kind, query[kind]).key]));
}

function gridFilter(libraryId: number | null, facets: readonly WantedFacet[], query: ItemsQuery): GridFilter {
  const { kind, yearFrom, yearTo, ratingFrom, ratingTo, watched } = query;
  const facetIds = facets.map((facet) => facet.id);
  return {
    ...{ libraryId, facetIds, kind, yearFrom, yearTo, ratingFrom, ratingTo, watched },
    favorite: query.favorite === 'yes',
  };
}

function filtersOf({ cursor: _, limit: __, sort: ___, dir: ____, seed: _____, ...filters }: ItemsQuery): unknown {
  return Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1));
}

function keyType(sort: ItemsQuery['sort']): 'string' | 'number' {
  return sort === 'title' ? 'string' : 'number';
}

function hashOf(text: string): number {
  let hash = 0;
  for (const char of text) hash = mixed(hash ^ (char.codePointAt(0) ?? 0), 7);
  return hash;
}
