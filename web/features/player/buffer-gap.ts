import type Hls from 'hls.js';

/** What lies this near to the end of what is buffered, in s, follows it: segments of two renditions need not meet. */
const TOLERANCE = 0.5;

/** Whether a segment that begins at `start` would leave a gap behind what is buffered from `at` on; all in s. */
export function leavesGap(buffered: readonly (readonly [number, number])[], at: number, start: number): boolean {
  let end = at;
  for (const [from, to] of buffered) if (from <= end + TOLERANCE && to > end) end = to;
  return start > end + TOLERANCE;
}

/**
 * Fetches again what hls.js throws away when a quality is chosen. It asks for the next segment before the browser has
 * emptied the buffer (hls.js 1.7.4: `nextLevelSwitch` ticks at once, the removal is queued), hence for the one behind
 * what it will lack, and never comes back to that: the picture would stand still there.
 */
export function refetchAfterFlush(hls: Hls, events: typeof Hls.Events, video: HTMLVideoElement): void {
  let loading = 0;
  let ahead = false;
  hls.on(events.FRAG_LOADING, (_event, { frag }) => {
    if (frag.type === 'main') loading = frag.start;
  });
  hls.on(events.BUFFER_FLUSHING, (_event, { endOffset }) => {
    if (endOffset === Number.POSITIVE_INFINITY) ahead = true;
  });
  hls.on(events.BUFFER_FLUSHED, (_event, { type }) => {
    if (type === 'audio' || !ahead) return;
    ahead = false;
    const { buffered, currentTime } = video;
    const ranges = Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)] as const);
    if (leavesGap(ranges, currentTime, loading)) hls.startLoad(currentTime);
  });
}
