import type { FailureClass } from '../../shared/protocol/resources.ts';
import { type AgentState, isPlaceable } from './agent-state.ts';
import { restsUntil } from './cool-down.ts';
import { place } from './placement.ts';
import type { Alternative, Candidate, Refusal, SessionRecord } from './session-record.ts';

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
      (encodes ? canEncode(candidate) : !candidate.source) &&
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

/**
 * What a viewer is told whose film is converted in a way that no other machine can, while one with the same bytes can do
 * it in another way: to begin anew. Null where there is none.
 */
export function otherWay(
  from: Pick<Alternative, 'agentId'> | null,
  asked: readonly Pick<Alternative, 'agentId' | 'agentName'>[],
  agents: readonly AgentState[],
): Refusal | null {
  const there = new Set(agents.filter(isPlaceable).map(({ agentId }) => agentId));
  const found = asked.find(({ agentId }) => agentId !== from?.agentId && there.has(agentId));
  if (!found) return null;
  const detail = `The machine that converted it is away. It goes on from ${found.agentName}, which does it in another way.`;
  return { ok: false, code: 'other-copy', detail };
}

/**
 * What a viewer is told whose copy nobody has any more, while another copy of the item can be played: to begin anew
 * with that one. Null where there is none; `asked` have just been found away, whatever is still thought of them.
 */
export function otherCopy(
  record: Pick<SessionRecord, 'candidates' | 'alternatives'>,
  from: Pick<Alternative, 'agentId' | 'fingerprint'> | null,
  asked: readonly Pick<Alternative, 'agentId'>[],
  agents: readonly AgentState[],
): Refusal | null {
  const away = new Set([from?.agentId, ...asked.map(({ agentId }) => agentId)]);
  const there = new Set(agents.filter(isPlaceable).map(({ agentId }) => agentId));
  const own = record.candidates.filter(({ source }) => !source);
  const others: readonly Alternative[] = [...own, ...(record.alternatives ?? [])];
  const found = others.find(
    ({ agentId, fingerprint }) => fingerprint !== from?.fingerprint && there.has(agentId) && !away.has(agentId),
  );
  if (!found) return null;
  const detail = `The machine with this copy is away. It goes on with another copy, from ${found.agentName}.`;
  return { ok: false, code: 'other-copy', detail };
}
