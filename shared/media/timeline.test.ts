import { describe, expect, it } from 'vitest';
import { boundariesOf, runsOf, segmentCount } from './timeline.ts';

describe('runs of a timeline', () => {
  it('come back as the boundaries they were made from', () => {
    const boundaries = [0, 90_090, 180_180, 360_360, 720_720, 1_081_080, 1_100_000];
    const runs = runsOf(boundaries);
    expect(runs).toEqual([
      [90_090, 2],
      [180_180, 1],
      [360_360, 2],
      [18_920, 1],
    ]);
    expect(boundariesOf({ runs })).toEqual(boundaries);
    expect(segmentCount({ runs })).toBe(6);
  });

  it('of an empty film are no segments', () => {
    expect(boundariesOf({ runs: runsOf([0]) })).toEqual([0]);
    expect(segmentCount({ runs: [] })).toBe(0);
  });
});
