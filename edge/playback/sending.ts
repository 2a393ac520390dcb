import type { SessionSummary } from './session-record.ts';

type Sent = Pick<SessionSummary, 'state' | 'remote' | 'bitrate' | 'agentId' | 'siteId'>;

/** Bits a second that leave a home's network at most, by agent and by site: of sessions that are watched from elsewhere. */
export function sendingOf(sessions: readonly Sent[]): { byAgent: Map<string, number>; bySite: Map<number, number> } {
  const byAgent = new Map<string, number>();
  const bySite = new Map<number, number>();
  for (const { state, remote, bitrate, agentId, siteId } of sessions) {
    if (state !== 'playing' || !remote || bitrate === null) continue;
    byAgent.set(agentId, (byAgent.get(agentId) ?? 0) + bitrate);
    if (siteId !== undefined) bySite.set(siteId, (bySite.get(siteId) ?? 0) + bitrate);
  }
  return { byAgent, bySite };
}
