import { expect, it } from 'vitest';
import { shuffled } from './shuffle.ts';

it.each([1, 2, 7, 64, 1000, 4097])('is a permutation of %d', (size) => {
  const all = new Set(Array.from({ length: size }, (_, i) => shuffled(i, size, 42)));
  expect(all.size).toBe(size);
  expect(Math.max(...all)).toBe(size - 1);
});

it('is the same for one seed, and another for another', () => {
  const order = (seed: number) => Array.from({ length: 50 }, (_, i) => shuffled(i, 50, seed));
  expect(order(1)).toEqual(order(1));
  expect(order(1)).not.toEqual(order(2));
  expect(order(1)).not.toEqual(Array.from({ length: 50 }, (_, i) => i));
});
