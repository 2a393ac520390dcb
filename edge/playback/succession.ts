import type { FailureClass } from '../../shared/protocol/resources.ts';
import type { AgentState } from './agent-state.ts';
import { restsUntil } from './cool-down.ts';
import { place } from './placement.ts';
import type { Candidate, SessionRecord } from './session-record.ts';

/**
 * Who may take a session over, in the order to be asked: agents with the same bytes that can carry out its plan and
 * do not rest. An agent that lost the session but answers is asked first (its files are warm), one that fell silent
 * last.
 */
export function successorsOf(
  record: Pick<SessionRecord, 'candidates' | 'plan' | 'failures'>,
  from: { agentId: string; fingerprint: string } | null,
  failure: FailureClass,
  agents: readonly AgentState[],
  now: number,
): Candidate[] {
  const { plan } = record;
  if (!plan || !from) return [];
  const encodes = plan.video.some((video) => video.action === 'transcode');
  const able = record.candidates.filter(
    (candidate) =>
      candidate.fingerprint === from.fingerprint &&
      (!encodes || canEncode(candidate)) &&
      restsUntil(record.failures, candidate.agentId, now) <= now,
  );
  const ordered = place(
    able.map((candidate) => ({ ...candidate, plan })),
    agents,
  );
  const same = ordered.filter((candidate) => candidate.agentId === from.agentId);
  const others = ordered.filter((candidate) => candidate.agentId !== from.agentId);
  return failure === 'session' ? [...same, ...others] : [...others, ...same];
}

/** The decision found an encoder there, for the plan or for the one instead of it. */
function canEncode(candidate: Candidate): boolean {
  return [candidate.plan, candidate.fallback].some((plan) => plan?.video.some((video) => video.action === 'transcode'));
}
