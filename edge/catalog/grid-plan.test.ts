import { describe, expect, it } from 'vitest';
import type { GridFilter } from '../db/grid-sources.ts';
import type { Scope } from '../db/scopes.ts';
import { isWalked, planGrid } from './grid-plan.ts';

const EVERYTHING: Scope = { userId: 1, libMask: null, maxAge: null, unrated: true, hiddenSet: null };
const LITTLE: Scope = { ...EVERYTHING, maxAge: 0, narrow: { setId: 7, items: 2_000 }, share: 0.008 };
const NOTHING_ELSE: GridFilter = {
  ...{ libraryId: 1, facetIds: [], kind: undefined, watched: undefined, favorite: false },
  ...{ yearFrom: undefined, yearTo: undefined, ratingFrom: undefined, ratingTo: undefined },
};
const LIMIT = 61;

const plan = (sort: 'added' | 'title', facets: number[], scope = EVERYTHING, filter: Partial<GridFilter> = {}) => {
  const wanted = facets.map((items, i) => ({ id: 100 + i, items, blocked: false }));
  return planGrid(sort, scope, { ...NOTHING_ELSE, ...filter }, { titles: 250_000, facets: wanted }, LIMIT);
};

describe('the plan of a page', () => {
  it('walks the library where nothing is asked for', () => {
    expect(plan('title', [])).toEqual({
      first: null,
      last: { source: { from: 'library', sort: 'title' }, size: 250_000 },
      countable: [],
    });
  });

  it('is the library alone exactly where the page need not be planned', () => {
    const filters = [
      {},
      { ratingFrom: 7 },
      { kind: 'movie' },
      { watched: 'no' as const },
      { yearFrom: 1990 },
      { favorite: true },
    ];
    for (const scope of [EVERYTHING, LITTLE])
      for (const filter of filters) {
        const { first, last, countable } = plan('title', [], scope, filter);
        const alone = first === null && last.source.from === 'library' && countable.length === 0;
        expect(isWalked('title', scope, { ...NOTHING_ELSE, ...filter })).toBe(alone);
      }
  });

  it('sorts a rare facet, and walks the library for a frequent one', () => {
    expect(plan('title', [300]).first).toBeNull();
    expect(plan('title', [300]).last.source).toMatchObject({ from: 'facet', facetId: 100 });
    expect(plan('title', [40_000]).first?.source).toMatchObject({ from: 'library' });
  });

  it('goes through the rarer of two facets', () => {
    expect(plan('added', [20_000, 12_000]).last).toEqual({
      source: { from: 'facet', facetId: 101, sort: 'added' },
      size: 12_000,
    });
  });

  it('walks no further than the smaller source would cost', () => {
    const { first, last } = plan('title', [20_000, 12_000]);
    expect(last.size).toBe(12_000);
    if (first) expect(first.scan).toBeLessThanOrEqual(4 * last.size);
  });

  it('goes through the list of what little a person sees', () => {
    for (const facets of [[], [20_000], [20_000, 12_000]]) {
      expect(plan('added', facets, LITTLE).last.source).toEqual({ from: 'narrow', setId: 7, sort: 'added' });
    }
    expect(plan('added', [9], LITTLE).last.source).toMatchObject({ from: 'facet' });
  });

  it('walks that list in its own two orders, and sorts it for others', () => {
    for (const sort of ['added', 'title'] as const)
      expect(plan(sort, [], LITTLE)).toEqual({
        first: null,
        last: { source: { from: 'narrow', setId: 7, sort }, size: 2_000 },
        countable: [],
      });
    expect(plan('title', [20_000], LITTLE, { ratingFrom: 9 }).last.source).toMatchObject({ from: 'narrow' });
  });

  it('asks once for what would be walked to its end', () => {
    const { first, last, countable } = plan('added', [], LITTLE, { yearFrom: 1931, yearTo: 1931 });
    expect({ first, from: last.source.from, countable }).toEqual({ first: null, from: 'narrow', countable: [] });
  });

  it('asks a person’s own lists before it walks', () => {
    const { first, countable } = plan('title', [], EVERYTHING, { favorite: true });
    expect(first).toBeNull();
    expect(countable).toEqual([{ from: 'own', list: 'favorite', sort: 'title' }]);
  });

  it('looks for years after a short walk, where walking may take long', () => {
    const { first, countable } = plan('added', [], EVERYTHING, { yearFrom: 1931, yearTo: 1931 });
    expect(first?.scan).toBeLessThanOrEqual(24_000);
    expect(countable).toEqual([{ from: 'years', sort: 'added' }]);
    expect(plan('added', [], EVERYTHING, { ratingFrom: 9.9 }).countable).toEqual([{ from: 'ratings', sort: 'added' }]);
  });
});
