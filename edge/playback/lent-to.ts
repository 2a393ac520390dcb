import type { SessionSummary } from './session-record.ts';

/** Of each machine whose files are read by others now: which those are, by name, and for how many sessions. */
export function lentTo(
  sessions: readonly Pick<SessionSummary, 'agentName' | 'source' | 'state'>[],
): Map<string, { agentName: string; sessions: number }[]> {
  const lent = new Map<string, Map<string, number>>();
  for (const { agentName, source, state } of sessions) {
    if (!source || state !== 'playing') continue;
    const readers = lent.get(source.agentId) ?? new Map<string, number>();
    lent.set(source.agentId, readers.set(agentName, (readers.get(agentName) ?? 0) + 1));
  }
  return new Map(
    [...lent].map(([agentId, readers]) => [
      agentId,
      [...readers].map(([name, n]) => ({ agentName: name, sessions: n })),
    ]),
  );
}
