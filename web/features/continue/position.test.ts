import { describe, expect, it } from 'vitest';
import { isOver, positionOf } from './position.ts';

describe('where a film is that plays elsewhere', () => {
  it.each([
    ['playing', 10_000, 3_000, 13_000],
    ['paused', 10_000, 3_000, 10_000],
    ['playing', 59_000, 3_000, 60_000],
    // This machine's clock went back meanwhile.
    ['playing', 10_000, -500, 10_000],
  ] as const)('%s at %d ms, %d ms later', (state, positionMs, gone, expected) => {
    expect(positionOf({ state, positionMs, durationMs: 60_000 }, gone)).toBe(expected);
  });

  it('goes on where nobody knows how long it is', () => {
    expect(positionOf({ state: 'playing', positionMs: 10_000, durationMs: 0 }, 3_000)).toBe(13_000);
  });

  it.each([
    [60_000, 54_000, false],
    [60_000, 56_000, true],
    [60_000, 60_000, true],
    [0, 0, false],
  ])('of %d ms, at %d: over is %s', (durationMs, positionMs, over) => {
    expect(isOver({ durationMs }, positionMs)).toBe(over);
  });
});
