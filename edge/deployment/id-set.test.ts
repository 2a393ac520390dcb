import { expect, it } from 'vitest';
import { IdSet } from './id-set.ts';

it('tells numbers that are new from those that were there, also far apart', () => {
  const set = new IdSet();
  expect([1, 8, 1, 5_000_000, 8, 5_000_000, 0].map((id) => set.add(id))).toEqual([
    true,
    true,
    false,
    true,
    false,
    false,
    true,
  ]);
});
