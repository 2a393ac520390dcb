import { expect, it } from 'vitest';
import { pinPause } from './pins.ts';

it('a slip of the finger costs nothing, guessing costs ever longer, and an hour at most', () => {
  const minutes = [0, 1, 4, 5, 6, 7, 10, 11, 40].map((failures) => pinPause(failures) / 60_000);
  expect(minutes).toEqual([0, 0, 0, 1, 2, 4, 32, 60, 60]);
});
