/** When a machine told last that it served a session past the edge, and by which of its addresses. */
export interface ServedDirectly {
  /** Milliseconds since 1970. */
  at: number;
  /** Null for an address that it has not announced. */
  address: string | null;
}

/** Machines tell every ten seconds while bytes flow; a player with a full buffer asks for none for a while. */
const STILL_MS = 60_000;

/** Whether a session comes past the edge now, as far as is known. */
export function isDirectNow(served: ServedDirectly | null, now: number): boolean {
  return served !== null && now - served.at < STILL_MS;
}
