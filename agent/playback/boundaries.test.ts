import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundariesOf } from '../../shared/media/timeline.ts';
import {
  audioFrameAt,
  frameAt,
  frameBoundaries,
  keyframeBoundaries,
  soundBoundaries,
  timelineOf,
} from './boundaries.ts';

const seconds = (n: number) => Math.round(n * 90_000);
const NTSC_FILM = { num: 24_000, den: 1001 };

describe('boundaries of a transcode', () => {
  it('begin with short segments and go on with four seconds', () => {
    expect(frameBoundaries(seconds(13), { num: 25, den: 1 })).toEqual([0, 1, 2, 4, 8, 12, 13].map(seconds));
  });

  it('lie on whole frames, so that 23.976 fps does not drift in two hours', () => {
    const boundaries = frameBoundaries(seconds(7200), NTSC_FILM);
    expect(boundaries.slice(0, 5)).toEqual([0, 90_090, 180_180, 360_360, 720_720]);
    expect(boundaries.at(-2)).toBe(360_360 * (boundaries.length - 4));
  });

  it('rise strictly and end with the last frame, whatever the film', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: seconds(40_000) }),
        fc.integer({ min: 1, max: 240_000 }),
        fc.integer({ min: 1, max: 1001 }),
        (duration, num, den) => {
          const rate = { num, den };
          const boundaries = frameBoundaries(duration, rate);
          expect(boundaries[0]).toBe(0);
          for (const [k, at] of boundaries.entries())
            if (k > 0) expect(at).toBeGreaterThan(boundaries[k - 1] as number);
          expect(frameAt(boundaries.at(-1) as number, rate)).toBe(Math.max(1, frameAt(duration, rate)));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('join a short rest to the last segment', () => {
    expect(soundBoundaries(seconds(8.2))).toEqual([0, 1, 2, 4, 8.2].map(seconds));
  });
});

describe('boundaries of a remux', () => {
  it('are the first keyframe at or after each target', () => {
    const keyframes = [0, 0.8, 1.7, 2.1, 5, 7.9, 8, 13, 14].map(seconds);
    expect(keyframeBoundaries(seconds(20), keyframes)).toEqual([0, 1.7, 2.1, 5, 8, 13, 20].map(seconds));
  });

  it('of a film with one keyframe are one segment', () => {
    expect(keyframeBoundaries(seconds(20), [0])).toEqual([0, seconds(20)]);
    expect(keyframeBoundaries(0, [])).toEqual([0, 1]);
  });

  it('leave out what would begin at the very end', () => {
    expect(keyframeBoundaries(seconds(4), [0, 2, 3.9].map(seconds))).toEqual([0, 2, 4].map(seconds));
  });
});

describe('a timeline', () => {
  it('has a hash that tells frame rates, starts and boundaries apart', () => {
    const source = { frameRate: NTSC_FILM, startTime: 0 };
    const timeline = timelineOf([0, 90_090, 180_180], source);
    expect(timelineOf([0, 90_090, 180_180], source)).toEqual(timeline);
    expect(timeline.hash).toMatch(/^[0-9a-f]{32}$/);
    const others = [
      timelineOf([0, 90_090, 180_181], source),
      timelineOf([0, 90_090, 180_180], { ...source, startTime: 0.021 }),
      timelineOf([0, 90_090, 180_180], { ...source, frameRate: null }),
    ];
    expect(new Set([timeline, ...others].map(({ hash }) => hash)).size).toBe(4);
    expect(boundariesOf(timeline)).toEqual([0, 90_090, 180_180]);
  });

  it('puts the sound of a segment on the first AAC frame that begins at or after it', () => {
    expect(audioFrameAt(0, 48_000, 1024)).toBe(0);
    expect(audioFrameAt(90_000, 48_000, 1024)).toBe(47);
    expect(audioFrameAt(90_000 * 1024, 48_000, 1024)).toBe(48_000);
  });
});
