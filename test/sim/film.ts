import type { Timeline } from '../../shared/media/timeline.ts';

/** How every simulated film is cut: ten segments of four seconds. */
export const TIMELINE: Timeline = {
  frameRate: { num: 25, den: 1 },
  startTime: 0,
  runs: [[360_000, 10]],
  hash: 'a'.repeat(32),
};
