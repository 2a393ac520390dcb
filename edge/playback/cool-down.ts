/** A failure of an agent in one session. */
export interface OwnerFailure {
  agentId: string;
  at: number;
}

/** Failures older than this say nothing of an agent any more. */
const MEMORY_MS = 60_000;

/** The first failure costs nothing; from the second on an agent waits this long, doubled with each. */
const FIRST_REST_MS = 2_000;
const LONGEST_REST_MS = 30_000;

/** Most failures that a session remembers. */
const MAX_FAILURES = 32;

/** Until when an agent is not to be chosen again; a time in the past is "now". */
export function restsUntil(failures: readonly OwnerFailure[], agentId: string, now: number): number {
  const recent = failures.filter((failure) => failure.agentId === agentId && now - failure.at < MEMORY_MS);
  const last = recent.at(-1);
  if (!last || recent.length < 2) return 0;
  return last.at + Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (recent.length - 2));
}

/** The failures after one more, bounded. */
export function withFailure(failures: readonly OwnerFailure[], agentId: string, now: number): OwnerFailure[] {
  return [...failures, { agentId, at: now }].slice(-MAX_FAILURES);
}
