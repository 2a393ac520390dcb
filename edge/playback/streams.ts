import type { SessionSummary } from './session-record.ts';

/** A start that has not told of itself after this long has failed. */
const RESERVED_MS = 40_000;

/** A start that was admitted a moment ago, and of which the session itself has not told yet. */
export interface Reservation {
  session: string;
  accountId: number;
  at: number;
}

/** Sessions for which somebody really watches; a long pause gives its place to another device. */
const WATCHED: ReadonlySet<SessionSummary['state']> = new Set(['opening', 'playing', 'moving', 'lost']);

/** How many an account watches at once, all its profiles together, starts under way included; `except` is what a new one replaces. */
export function streamsOf(
  accountId: number,
  sessions: readonly Pick<SessionSummary, 'id' | 'userId' | 'accountId' | 'state'>[],
  reservations: readonly Reservation[],
  except: string | null,
): number {
  const ids = new Set([
    ...sessions
      .filter((one) => (one.accountId ?? one.userId) === accountId && WATCHED.has(one.state))
      .map(({ id }) => id),
    ...reservations.filter((one) => one.accountId === accountId).map(({ session }) => session),
  ]);
  if (except !== null) ids.delete(except);
  return ids.size;
}

/** Those that still mean something: the others were told of, or have failed. */
export function liveReservations(
  reservations: readonly Reservation[],
  sessions: readonly Pick<SessionSummary, 'id'>[],
  now: number,
): Reservation[] {
  const told = new Set(sessions.map(({ id }) => id));
  return reservations.filter(({ session, at }) => now - at < RESERVED_MS && !told.has(session));
}
