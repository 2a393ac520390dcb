import { z } from 'zod';
import { Rational } from './media-info.ts';

/** Ticks per second of every boundary: MPEG's clock, in which 23.976 fps over whole segments stays whole. */
export const TIMESCALE = 90_000;

/**
 * Where a session's segments begin: published by the first owner, and the same on any agent that holds the
 * same bytes, or that agent is not eligible.
 */
export const Timeline = z.object({
  /** Frames per second of the video, as the grid uses it; null for sound alone. */
  frameRate: Rational.nullable(),
  /** Seconds; the container's start, subtracted from every time. */
  startTime: z.number(),
  /** Durations of the segments in ticks of 1/90000 s, run-length coded: [duration, count] pairs in order. */
  runs: z.array(z.tuple([z.number().int().positive(), z.number().int().positive()])).max(100_000),
  /** Hash of all the above: equal hashes mean interchangeable segments. */
  hash: z.string().regex(/^[0-9a-f]{32}$/),
});
export type Timeline = z.infer<typeof Timeline>;

/** Starts of all segments and the end of the last, in ticks: one entry more than there are segments. */
export function boundariesOf(timeline: Pick<Timeline, 'runs'>): number[] {
  const boundaries = [0];
  let at = 0;
  for (const [duration, count] of timeline.runs) {
    for (let i = 0; i < count; i++) {
      at += duration;
      boundaries.push(at);
    }
  }
  return boundaries;
}

/** The inverse of `boundariesOf`. The boundaries begin with 0 and rise strictly. */
export function runsOf(boundaries: readonly number[]): Timeline['runs'] {
  const runs: Timeline['runs'] = [];
  for (let k = 1; k < boundaries.length; k++) {
    const duration = (boundaries[k] as number) - (boundaries[k - 1] as number);
    const last = runs.at(-1);
    if (last?.[0] === duration) last[1]++;
    else runs.push([duration, 1]);
  }
  return runs;
}

/** How many segments a timeline has. */
export function segmentCount(timeline: Pick<Timeline, 'runs'>): number {
  return timeline.runs.reduce((sum, [, count]) => sum + count, 0);
}
