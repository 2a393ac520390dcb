import type { Plan } from '../../shared/media/plan.ts';
import { boundariesOf, TIMESCALE, type Timeline } from '../../shared/media/timeline.ts';
import type { IndexedCopy } from '../library/copies.ts';
import { AgentFailure } from '../link/handlers.ts';
import { frameBoundaries, keyframeBoundaries, soundBoundaries, timelineOf } from './boundaries.ts';
import type { KeyframeIndex } from './keyframes/keyframes.ts';

/** A film with keyframes further apart is not worth copying: no player holds such segments. */
const MAX_COPIED_SEGMENT_SECONDS = 30;

/**
 * Where the segments of a plan begin: a pure function of the file's bytes and the plan. Null in direct play.
 * Throws an AgentFailure `conflict` with the detail `keyframes-unknown` where pictures cannot be copied; the
 * edge then plans again, with a transcode.
 */
export async function buildTimeline(
  copy: IndexedCopy,
  plan: Plan,
  keyframes: KeyframeIndex,
  signal: AbortSignal,
): Promise<Timeline | null> {
  if (plan.mode === 'direct') return null;
  const { startTime, durationMs } = copy.media;
  const duration = Math.round((durationMs * TIMESCALE) / 1000);
  const [video] = plan.video;
  if (!video) return timelineOf(soundBoundaries(duration), { frameRate: null, startTime });
  const { frameRate } = video;
  const copied = plan.video.find(({ action }) => action === 'copy');
  if (!copied) return timelineOf(frameBoundaries(duration, frameRate), { frameRate, startTime });
  const times = await keyframes.of(copy, copied.stream, signal);
  const ticks = times?.map((seconds) => Math.round((seconds - startTime) * TIMESCALE)) ?? [];
  const timeline = timelineOf(keyframeBoundaries(duration, ticks), { frameRate, startTime });
  const boundaries = boundariesOf(timeline);
  const longest = timeline.runs.reduce((most, [ticks]) => Math.max(most, ticks), 0);
  if (!times || (boundaries.length > 2 && longest > MAX_COPIED_SEGMENT_SECONDS * TIMESCALE)) {
    throw new AgentFailure('content', 'conflict', 'keyframes-unknown');
  }
  return timeline;
}
