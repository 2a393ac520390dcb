import { expect, it } from 'vitest';
import { progressOf } from './watch-progress.ts';

const HOUR = 3_600_000;

it('keeps a place after the first minute', () => {
  expect(progressOf(59_999, HOUR)).toEqual({ finished: false, positionMs: 0 });
  expect(progressOf(60_000, HOUR)).toEqual({ finished: false, positionMs: 60_000 });
});

it('keeps every place of an item shorter than ten minutes, or of unknown length', () => {
  expect(progressOf(5_000, 599_999)).toEqual({ finished: false, positionMs: 5_000 });
  expect(progressOf(5_000, 0)).toEqual({ finished: false, positionMs: 5_000 });
});

it('is finished from nine tenths on', () => {
  expect(progressOf(HOUR * 0.9 - 1, HOUR).finished).toBe(false);
  expect(progressOf(HOUR * 0.9, HOUR)).toEqual({ finished: true, positionMs: 0 });
});
