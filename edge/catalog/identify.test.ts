import { expect, it } from 'vitest';
import { type Found, identify, type KnownNames } from './identify.ts';
import type { TopName } from './keys.ts';

const film = (title: string, year: number | null, ...ids: string[]): TopName => ({
  ...{ key: `movie:${title}:${year ?? ''}`, yearless: `movie:${title}:`, year, ids },
});
const item = (id: number, key: string, year: number | null, ...ids: string[]): Found => ({ id, key, year, ids });

function catalog(items: Found[], apart: [number, number][] = []): KnownNames {
  const byKey = new Map(items.flatMap((one) => [one.key, ...one.ids].map((key) => [key, one] as const)));
  const withYear = new Map<string, Found[]>();
  for (const one of items) {
    const base = one.key.slice(0, one.key.lastIndexOf(':') + 1);
    if (base !== one.key) withYear.set(base, [...(withYear.get(base) ?? []), one]);
  }
  return { byKey, withYear, isApart: (a, b) => apart.some(([x, y]) => (a === x && b === y) || (a === y && b === x)) };
}

const NOBODY = catalog([]);

it('makes one item of a title that is named twice', () => {
  const { keys, learned } = identify([film('dune', 2021), film('dune', 2021)], NOBODY);
  expect(keys).toEqual(['movie:dune:2021', 'movie:dune:2021']);
  expect(learned).toEqual([]);
});

it('goes by an external id before the title, and learns the other names', () => {
  const { keys, learned } = identify(
    [film('dune', 2021, '@imdb:movie:1'), film('dune part one', 2021, '@imdb:movie:1')],
    NOBODY,
  );
  expect(keys).toEqual(['movie:dune:2021', 'movie:dune:2021']);
  expect(learned).toEqual([
    ['@imdb:movie:1', 'movie:dune:2021'],
    ['movie:dune part one:2021', 'movie:dune:2021'],
  ]);
});

it.each([
  [null, 2021],
  [2021, null],
] as const)('takes a title with and without its year for one (%s, %s)', (first, second) => {
  expect(new Set(identify([film('dune', first), film('dune', second)], NOBODY).keys).size).toBe(1);
});

it('does not guess the year where there are two', () => {
  const { keys } = identify([film('dune', 1984), film('dune', 2021), film('dune', null)], NOBODY);
  expect(keys).toEqual(['movie:dune:1984', 'movie:dune:2021', 'movie:dune:']);
});

it('gives a title without a year only one year', () => {
  const { keys } = identify([film('dune', null), film('dune', 2021), film('dune', 1984)], NOBODY);
  expect(keys).toEqual(['movie:dune:', 'movie:dune:', 'movie:dune:1984']);
});

it('tells two films of one title and year apart by their ids', () => {
  const { keys } = identify([film('crash', 1996, '@imdb:movie:1'), film('crash', 1996, '@imdb:movie:2')], NOBODY);
  expect(keys).toEqual(['movie:crash:1996', 'movie:crash:1996@imdb:movie:2']);
});

it('merges an item without an id into the one that its id is of, unless an admin took them apart', () => {
  const items = [item(1, 'movie:dune:2021', 2021), item(2, 'movie:dune part one:2021', 2021, '@imdb:movie:1')];
  const name = film('dune', 2021, '@imdb:movie:1');
  expect(identify([name, film('dune', 2021)], catalog(items))).toMatchObject({
    keys: ['movie:dune part one:2021', 'movie:dune part one:2021'],
    merges: [{ sourceId: 1, targetId: 2 }],
  });
  expect(identify([name], catalog(items, [[1, 2]]))).toMatchObject({ keys: ['movie:dune:2021'], merges: [] });
});

it('never merges two items that have different ids', () => {
  const items = [item(1, 'movie:a:2000', 2000, '@tmdb:movie:7'), item(2, 'movie:b:2000', 2000, '@imdb:movie:1')];
  const { keys, merges } = identify([film('a', 2000, '@imdb:movie:1')], catalog(items));
  expect([keys, merges]).toEqual([['movie:b:2000'], []]);
});
