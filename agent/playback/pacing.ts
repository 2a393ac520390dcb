/** Where a session's viewer is, shared by its renditions: whoever is asked first tells the others. */
export interface Place {
  seconds: number;
}

/** Segments that a running process may be ahead of by less than a new process would cost. */
const WAIT_WITHIN_SEGMENTS = 4;
/**
 * A process that has made this much more than anyone asked for is not read from; below the second it is again.
 * Sound is made a hundred times faster than it is heard: a long lead would only take the first pictures' CPU.
 */
const LEAD_SECONDS = { video: { pause: 40, resume: 30 }, audio: { pause: 6, resume: 4 } } as const;

/** Whether a process that is about to make segment `next` makes segment `k` sooner than a new one would. */
export function isWithin(next: number, k: number): boolean {
  return k >= next && k <= next + WAIT_WITHIN_SEGMENTS;
}

/**
 * What to do about the segments that viewers wait for, oldest wish first: go on with the process that is about
 * to make segment `next`, start one elsewhere, or nothing. The newest wish decides: it is where the viewer
 * seeked to.
 */
export function nextMove(process: { next: number } | null, wishes: readonly number[]): { startAt: number } | 'go-on' {
  const newest = wishes.at(-1);
  if (newest === undefined) return 'go-on';
  if (process && isWithin(process.next, newest)) return 'go-on';
  // Something else that is waited for may be on its way; the newest wish still wins, it is served from there.
  return { startAt: newest };
}

/** Whether a process should be read from, given how far it is ahead of the last segment asked for. */
export function shouldRead(kind: 'video' | 'audio', reading: boolean, aheadSeconds: number): boolean {
  const { pause, resume } = LEAD_SECONDS[kind];
  return aheadSeconds < (reading ? pause : resume);
}
