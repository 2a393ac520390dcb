import { expect, test } from 'vitest';
import { nextBatchSize } from './batch-size.ts';

test.each([
  [50, 30, 50],
  [50, 1, 100],
  [50, 0, 100],
  [50, 1000, 25],
  [100, 45, 67],
  [400, 1, 500],
  [12, 1000, 10],
])('after a batch of %i that took %i ms comes one of %i', (size, tookMs, expected) => {
  expect(nextBatchSize(size, tookMs)).toBe(expected);
});
