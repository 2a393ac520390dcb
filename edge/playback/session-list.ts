import type { SessionSummary } from './session-record.ts';

/** Most sessions that the Fleet lists; those beyond play on unlisted. */
export const MAX_LISTED_SESSIONS = 1_000;

/** Whether a summary says more than the one that is known. */
export function isNews(known: SessionSummary | undefined, summary: SessionSummary): boolean {
  return known === undefined || summary.seq > known.seq;
}

/** Sessions whose tickets are still good, newest first. One that never said its end disappears with its ticket. */
export function liveSessions(all: readonly SessionSummary[], now: number): SessionSummary[] {
  return all.filter((session) => session.expiresAt > now).sort((a, b) => b.startedAt - a.startedAt);
}

/** Which to forget: the expired, and the oldest of too many. */
export function excessSessions(all: readonly SessionSummary[], now: number): SessionSummary[] {
  const kept = new Set(liveSessions(all, now).slice(0, MAX_LISTED_SESSIONS));
  return all.filter((session) => !kept.has(session));
}

/** Two objects' clocks may differ by so much. */
const CLOCKS_MS = 500;

/**
 * Sessions that are thought to play on an agent which has just said that it has others: it was started anew and knows
 * nothing of them. What began after its word is not among them.
 */
export function forgottenBy(
  agentId: string,
  open: readonly string[],
  saidAt: number,
  all: readonly SessionSummary[],
): SessionSummary[] {
  return all.filter(
    (session) =>
      session.agentId === agentId &&
      session.state === 'playing' &&
      (session.stateSince ?? saidAt) < saidAt - CLOCKS_MS &&
      !open.includes(session.id),
  );
}
