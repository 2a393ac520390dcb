import { describe, expect, it } from 'vitest';
import { mediaInfo, videoStream } from '../../../test/fakes/media-samples.ts';
import { sheetCount, sheetTimes, spriteGrid } from './grid.ts';

const of = (minutes: number, change = {}) =>
  spriteGrid(mediaInfo({ durationMs: minutes * 60_000, video: [videoStream(change)] }));

describe('the grid of small pictures', () => {
  it('is finer for what is short, and bounded for what is very long', () => {
    expect([1, 20, 120, 24 * 60].map((minutes) => of(minutes)?.interval)).toEqual([2, 5, 10, 58]);
    expect(of(24 * 60)?.count).toBeLessThanOrEqual(1500);
  });

  it('keeps the shape in which the film is shown', () => {
    expect(of(120)).toMatchObject({ width: 320, height: 180, columns: 5, rows: 3, count: 720 });
    expect(of(120, { width: 720, height: 576, sar: { num: 64, den: 45 } })).toMatchObject({ width: 320, height: 180 });
    expect(of(120, { rotation: 90 })).toMatchObject({ width: 180, height: 320 });
    expect(of(120, { width: 1920, height: 800 })).toMatchObject({ width: 320, height: 134 });
  });

  it('puts fewer pictures of a large film on a sheet', () => {
    expect(of(120, { width: 3840, height: 2160 })).toMatchObject({ rows: 2 });
  });

  it('is none for sound, and for a film of unknown length', () => {
    expect(spriteGrid(mediaInfo({ video: [] }))).toBeNull();
    expect(of(0)).toBeNull();
  });

  it('has a picture of the shortest film', () => {
    const grid = of(0.3 / 60);
    expect(grid && sheetTimes(grid, 0)).toEqual([0.15]);
  });

  it('ends with the film', () => {
    const grid = of(4.26);
    if (!grid) throw new Error('no grid');
    expect([grid.count, sheetCount(grid)]).toEqual([128, 9]);
    expect(sheetTimes(grid, 0).slice(0, 3)).toEqual([1, 3, 5]);
    // The last picture is of what is left of the film, not of what lies behind it.
    expect(
      sheetTimes(grid, 8)
        .slice(-2)
        .map((at) => Math.round(at * 10) / 10),
    ).toEqual([253, 254.8]);
    expect(sheetTimes(grid, 9)).toEqual([]);
  });
});
