import { expect, it } from 'vitest';
import { backoff } from './backoff.ts';

it('[RC1] waits between half a second and a ceiling that doubles up to thirty seconds', () => {
  const range = (attempt: number) => [backoff(attempt, () => 0), backoff(attempt, () => 1)];
  expect(range(0)).toEqual([500, 1_000]);
  expect(range(1)).toEqual([500, 2_000]);
  expect(range(4)).toEqual([500, 16_000]);
  expect(range(5)).toEqual([500, 30_000]);
  expect(range(1_000)).toEqual([500, 30_000]);
});
