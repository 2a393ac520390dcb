import type { AgentState } from './agent-state.ts';

/** What is left of a site's line for viewers elsewhere. */
export interface Room {
  /** Bits a second. */
  left: number;
  /**
   * Whether it refuses. A measurement may be wrong, and a site that sends nothing has its whole line: there it makes
   * the picture smaller, and turns nobody away.
   */
  firm: boolean;
}

/**
 * The rooms of the sites whose lines are known: the smaller of the owner's limit and of the most that one of its
 * machines was seen to send, less what is being sent (bits a second). Machines of one site share its line, so the best
 * figure of them is the nearest to it.
 */
export function roomsOf(
  limits: ReadonlyMap<number, number | null>,
  machines: readonly { agentId: string; siteId: number }[],
  agents: readonly Pick<AgentState, 'agentId' | 'uplink'>[],
  sending: ReadonlyMap<number, number>,
): Map<number, Room> {
  const uplinks = new Map(agents.map(({ agentId, uplink }) => [agentId, uplink]));
  const rooms = new Map<number, Room>();
  for (const [siteId, limit] of limits) {
    const seen = machines.flatMap((machine) => (machine.siteId === siteId ? (uplinks.get(machine.agentId) ?? []) : []));
    const measured = seen.length > 0 ? Math.max(...seen) : Number.POSITIVE_INFINITY;
    const line = Math.min(limit ?? Number.POSITIVE_INFINITY, measured);
    if (!Number.isFinite(line)) continue;
    const sent = sending.get(siteId) ?? 0;
    rooms.set(siteId, { left: line - sent, firm: sent > 0 || (limit !== null && limit <= measured) });
  }
  return rooms;
}
