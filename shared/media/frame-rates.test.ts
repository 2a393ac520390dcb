import { describe, expect, it } from 'vitest';
import { gridRate } from './frame-rates.ts';

describe('the rate of a transcode', () => {
  it.each([
    ['film', 24_000, 1001, 24_000, 1001],
    ['whole 24', 24, 1, 24, 1],
    ['PAL', 25, 1, 25, 1],
    ['NTSC', 30_000, 1001, 30_000, 1001],
    ['30 as a container measures it', 29_990_000, 1_000_000, 30, 1],
    ['59.94 rounded by Matroska', 19_001, 317, 60_000, 1001],
    ['25 of a fragmented file', 640_000, 25_737, 25, 1],
    ['a camera in poor light', 22, 1, 22, 1],
    ['a slide show', 1, 2, 1, 2],
    ['slow motion of 120', 120, 1, 60, 1],
    ['slow motion of 240', 240, 1, 60, 1],
    ['119.88', 120_000, 1001, 60_000, 1001],
    ['none that is known', 0, 1, 25, 1],
  ])('for %s', (_what, num, den, wantedNum, wantedDen) => {
    expect(gridRate({ num, den })).toEqual({ num: wantedNum, den: wantedDen });
  });
});
