import { createHash } from 'node:crypto';
import type { Rational } from '../../shared/media/media-info.ts';
import { runsOf, TIMESCALE, type Timeline } from '../../shared/media/timeline.ts';

/** Seconds of the first segments, so that the first picture comes soon, and of all that follow. */
const FIRST_SECONDS = [1, 1, 2] as const;
const STEADY_SECONDS = 4;
/** A last segment shorter than this is joined to the one before it. */
const SHORTEST_LAST_SECONDS = 0.5;

/** Length of segment k, in seconds as wished. */
function wished(k: number): number {
  return FIRST_SECONDS[k] ?? STEADY_SECONDS;
}

/** Ticks of 1/90000 s at which frame n of a steady frame rate is shown. */
function ticksOfFrame(n: number, rate: Rational): number {
  return Math.round((n * TIMESCALE * rate.den) / rate.num);
}

/** The frame of a steady rate that is nearest to a time in ticks. */
export function frameAt(ticks: number, rate: Rational): number {
  return Math.round((ticks * rate.num) / (rate.den * TIMESCALE));
}

/** Boundaries of a transcode: whole frames of the grid, so that 23.976 fps never drifts. Ticks. */
export function frameBoundaries(duration: number, rate: Rational): number[] {
  const frames = (seconds: number) => Math.max(1, Math.round((seconds * rate.num) / rate.den));
  const total = Math.max(1, frameAt(duration, rate));
  return cut(total, (k) => frames(wished(k)), frames(SHORTEST_LAST_SECONDS)).map((n) => ticksOfFrame(n, rate));
}

/** Boundaries of sound alone. Ticks. */
export function soundBoundaries(duration: number): number[] {
  return cut(Math.max(1, duration), (k) => wished(k) * TIMESCALE, SHORTEST_LAST_SECONDS * TIMESCALE);
}

/**
 * Boundaries of a remux: the first source keyframe at or after each target. `keyframes` are ticks from the
 * film's start, rising.
 */
export function keyframeBoundaries(duration: number, keyframes: readonly number[]): number[] {
  const boundaries = [0];
  let k = 0;
  let target = wished(0) * TIMESCALE;
  // Before the first one there is nothing to show: the first segment must hold it.
  for (const keyframe of keyframes.slice(1)) {
    if (keyframe < target || keyframe >= duration - SHORTEST_LAST_SECONDS * TIMESCALE) continue;
    boundaries.push(keyframe);
    while (target <= keyframe) target += wished(++k) * TIMESCALE;
  }
  boundaries.push(Math.max(duration, (boundaries.at(-1) ?? 0) + 1));
  return boundaries;
}

function cut(total: number, length: (k: number) => number, shortestLast: number): number[] {
  const boundaries = [0];
  let at = 0;
  for (let k = 0; at + length(k) + shortestLast <= total; k++) {
    at += length(k);
    boundaries.push(at);
  }
  boundaries.push(total);
  return boundaries;
}

/** First frame of encoded sound in segment k: the first that begins at or after the boundary. */
export function audioFrameAt(boundary: number, sampleRate: number, frameSamples: number): number {
  return Math.ceil((boundary * sampleRate) / (TIMESCALE * frameSamples));
}

/** The timeline of these boundaries, with the hash that tells whether two agents' segments are interchangeable. */
export function timelineOf(
  boundaries: readonly number[],
  source: { frameRate: Rational | null; startTime: number },
): Timeline {
  const { frameRate, startTime } = source;
  const runs = runsOf(boundaries);
  const identity = JSON.stringify([frameRate && [frameRate.num, frameRate.den], startTime, runs]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 32);
  return { frameRate, startTime, runs, hash };
}
