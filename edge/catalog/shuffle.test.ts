import { expect, it } from 'vitest';
import { placeOf, shuffled } from './shuffle.ts';

it.each([1, 2, 7, 64, 1000, 4097])('is a permutation of %d', (size) => {
  const all = new Set(Array.from({ length: size }, (_, i) => shuffled(i, size, 42)));
  expect(all.size).toBe(size);
  expect(Math.max(...all)).toBe(size - 1);
});

it.each([1, 2, 7, 64, 1000, 4097, 250_000])('tells where an element of %d stands', (size) => {
  for (let i = 0; i < size; i += Math.ceil(size / 500)) {
    expect(placeOf(shuffled(i, size, 42), size, 42)).toBe(i);
    expect(shuffled(placeOf(i, size, 7), size, 7)).toBe(i);
  }
});

it('is the same for one seed, and another for another', () => {
  const order = (seed: number) => Array.from({ length: 50 }, (_, i) => shuffled(i, 50, seed));
  expect(order(1)).toEqual(order(1));
  expect(order(1)).not.toEqual(order(2));
  expect(order(1)).not.toEqual(Array.from({ length: 50 }, (_, i) => i));
});
