/** Seen to here, an item counts as played: what follows are credits. */
const PLAYED_FRACTION = 0.9;

/** A position this early is a look, not a start … */
const MIN_POSITION_MS = 60_000;

/** … unless the whole is hardly longer. */
const SHORT_ITEM_MS = 10 * 60_000;

/** What a position means: finished, or a place to come back to (0 is none). Milliseconds. */
export function progressOf(positionMs: number, durationMs: number): { finished: boolean; positionMs: number } {
  if (durationMs > 0 && positionMs >= durationMs * PLAYED_FRACTION) return { finished: true, positionMs: 0 };
  const kept = positionMs >= MIN_POSITION_MS || durationMs < SHORT_ITEM_MS;
  return { finished: false, positionMs: kept ? Math.round(positionMs) : 0 };
}
