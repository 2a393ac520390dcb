/** What a player tells of itself. Milliseconds of the film; bits a second. */
export interface Report {
  positionMs: number;
  state: 'playing' | 'paused' | 'buffering';
  /** How much is fetched ahead. */
  bufferedMs?: number | undefined;
  /** Of what is shown now. */
  bitrate?: number | undefined;
}

/** A report as it is kept; `at` is when it came, in milliseconds since 1970. */
export interface Shown {
  at: number;
  state: Report['state'];
  bufferedMs: number | null;
  bitrate: number | null;
}

/** What a session keeps of where it is. Milliseconds of the film. */
interface Position {
  positionMs: number;
  durationMs: number;
  shown: Shown | null;
}

/** A player reports every ten seconds; longer ago than this it is not known to have gone on. */
const MAX_AHEAD_MS = 20_000;

/** Where the film is by now: a player that plays has gone on since it last told. */
export function positionNow(position: Position, now: number): number {
  const { positionMs, durationMs, shown } = position;
  if (shown?.state !== 'playing') return positionMs;
  const gone = Math.max(0, Math.min(MAX_AHEAD_MS, now - shown.at));
  return Math.min(positionMs + gone, durationMs);
}
