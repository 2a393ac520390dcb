const SHORTEST_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Milliseconds to wait before attempt `attempt` (from 0) to reconnect: anything between half a second and a
 * ceiling that doubles up to 30 s, so that a restarted edge is not met by all its agents in one moment.
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(attempt + 1, 10));
  return SHORTEST_MS + random() * (ceiling - SHORTEST_MS);
}
