import { describe, expect, it } from 'vitest';
import { leavesGap } from './buffer-gap.ts';

describe('a segment after part of the buffer was thrown away', () => {
  it.each<[buffered: [number, number][], at: number, start: number, gap: boolean]>([
    [[[2, 5]], 3, 5.04, false],
    [[[2, 5]], 3, 8, true],
    // The one that was thrown away in part is fetched again whole.
    [[[2, 5]], 3, 4, false],
    // Pieces that nearly meet are one.
    [
      [
        [2, 5],
        [5.2, 8],
      ],
      3,
      8,
      false,
    ],
    [
      [
        [2, 5],
        [8, 12],
      ],
      3,
      12,
      true,
    ],
    // What lies behind the playhead is not counted.
    [
      [
        [0, 1],
        [2, 5],
      ],
      3,
      5,
      false,
    ],
    [[], 3, 3.2, false],
    [[], 3, 8, true],
  ])('%j at %d, from %d: %s', (buffered, at, start, gap) => {
    expect(leavesGap(buffered, at, start)).toBe(gap);
  });
});
