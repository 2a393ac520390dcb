import { HearthcastError } from '../../shared/errors.ts';
import type { GridFilter, GridPlace, GridSource } from '../db/grid-sources.ts';
import { candidateIds, gridHits, lastItemId } from '../db/grids.ts';
import type { Scope } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import { type GridSizes, planGrid } from './grid-plan.ts';
import { placeOf, shuffled } from './shuffle.ts';
import { sharedOf, smallestOf } from './smallest-source.ts';

/** Ids that the first question of a page asks, and each that comes after where hits are rare. */
const FIRST_SCAN = 1_000;
const MAX_SCAN = 64_000;

/** Candidates up to so many, or this part of all ids, are put in the order whole: of more, a page is soon full. */
const MAX_ORDERED = 5_000;
const SPARSE = 0.02;

/** After so many ids all that the library's own order lets through are looked for, in case they are few. */
const PATIENCE = 20_000;

/** An item of a page: its place in the order, and of how many ids that is an order. What comes later is not in it. */
export interface RandomPlace {
  id: number;
  place: GridPlace;
}

/**
 * The next of a library in the order of a seed: a permutation of all ids, so that every page and every filter goes by
 * the same one. Few candidates are brought into it; many are found by asking the ids that come next.
 */
export async function randomPlaces(
  env: Env,
  scope: Scope,
  filter: GridFilter,
  sizes: GridSizes,
  seed: number,
  { after, limit }: { after: GridPlace | null; limit: number },
): Promise<RandomPlace[]> {
  if (filter.libraryId === null) throw new HearthcastError('bad-request', 'Only a library has a random order.');
  const size = after?.id ?? (await lastItemId(env));
  const few = async (source: GridSource) => {
    const most = Math.max(MAX_ORDERED, Math.ceil(size * SPARSE));
    const ids = await candidateIds(env, scope, source, filter, most + 1);
    const places = ids.filter((id) => id <= size).map((id) => placeOf(id - 1, size, seed));
    return ids.length > most ? null : places.sort((a, b) => a - b);
  };
  const shared = await sharedOf(env, filter, sizes.facets);
  const plan = planGrid('added', scope, filter, { ...sizes, shared }, limit);
  const smallest = await smallestOf(env, scope, filter, plan);
  let places = smallest.size <= MAX_ORDERED ? await few(smallest.source) : null;
  const found: RandomPlace[] = [];
  let next = after ? Number(after.key) + 1 : 0;
  let asked = 0;
  for (let scan = FIRST_SCAN; found.length < limit; scan = Math.min(scan * 4, MAX_SCAN)) {
    const window = places
      ? places.filter((place) => place >= next).slice(0, scan)
      : Array.from({ length: Math.min(scan, size - next) }, (_, i) => next + i);
    if (window.length === 0) break;
    const ids = window.map((place) => shuffled(place, size, seed) + 1);
    const page = { dir: 'asc', after: null, limit: limit - found.length } as const;
    for (const { id, key } of await gridHits(env, scope, { from: 'ids', ids }, filter, page, ids.length)) {
      found.push({ id, place: { key: window[Number(key)] as number, id: size } });
    }
    next = (window.at(-1) as number) + 1;
    asked += window.length;
    if (!places && asked > PATIENCE && asked - window.length <= PATIENCE)
      places = await few({ from: 'library', sort: 'added' });
  }
  return found;
}
