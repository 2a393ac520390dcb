import type { OwnSession } from '../../../shared/api/playback.ts';

/** With less than this left there is nothing to go on with. */
const END_MS = 5000;

/** Where a film is, in ms, so long after the edge told where it was; never behind its end where that is known. */
export function positionOf(
  { state, positionMs, durationMs }: Pick<OwnSession, 'state' | 'positionMs' | 'durationMs'>,
  goneMs: number,
): number {
  const reached = positionMs + (state === 'playing' ? Math.max(0, goneMs) : 0);
  return durationMs > 0 ? Math.min(reached, durationMs) : reached;
}

/** Whether a film is at its end. One of unknown length (0) never is. */
export function isOver({ durationMs }: Pick<OwnSession, 'durationMs'>, positionMs: number): boolean {
  return durationMs > 0 && durationMs - positionMs < END_MS;
}
