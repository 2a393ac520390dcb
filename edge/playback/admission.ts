import type { Plan } from '../../shared/media/plan.ts';
import type { Failure } from '../link/aborts.ts';
import type { Candidate, Refusal } from './session-record.ts';

/** A disk may spoil one copy; bytes of which two machines complain are broken themselves. */
const MAX_COMPLAINTS = 2;

/** What came of asking one agent to open a session. */
export type Attempt =
  | { kind: 'admitted' }
  /** The session ended, or another attempt began, while the agent was thinking. */
  | { kind: 'superseded' }
  | { kind: 'refused'; failure: Failure };

/** What came of asking several. `retryable` where only presence was in the way. */
export type Admission =
  | { kind: 'admitted' }
  | { kind: 'superseded' }
  | { kind: 'none'; refusal: Refusal; retryable: boolean };

/**
 * Asks candidates in order until one admits the session. An absent or busy agent is passed over; bytes that are broken
 * are not bounced through every agent that has them. `isOver` stops the asking.
 */
export async function askInOrder(
  candidates: readonly Candidate[],
  plansOf: (candidate: Candidate) => Plan[],
  attempt: (candidate: Candidate, plan: Plan) => Promise<Attempt>,
  isOver: () => boolean,
): Promise<Admission> {
  const refusals: { candidate: Candidate; failure: Failure }[] = [];
  const broken = new Map<string, number>();
  for (const candidate of candidates) {
    const complaints = broken.get(candidate.fingerprint) ?? 0;
    if (complaints >= MAX_COMPLAINTS) continue;
    for (const plan of plansOf(candidate)) {
      if (isOver()) return { kind: 'none', ...verdictOf(refusals) };
      const outcome = await attempt(candidate, plan);
      if (outcome.kind !== 'refused') return outcome;
      refusals.push({ candidate, failure: outcome.failure });
      if (refusesPlanOnly(outcome.failure)) continue;
      if (outcome.failure.code === 'content-broken') broken.set(candidate.fingerprint, complaints + 1);
      break;
    }
  }
  return { kind: 'none', ...verdictOf(refusals) };
}

/** "Not like this", which leaves room for the other plan of the same copy. */
function refusesPlanOnly(failure: Failure): boolean {
  return failure.code === 'not-playable' || failure.detail === 'keyframes-unknown';
}

/** The one refusal to tell the viewer: what can be waited for before what cannot, and a file by its machine's name. */
function verdictOf(refusals: readonly { candidate: Candidate; failure: Failure }[]): {
  refusal: Refusal;
  retryable: boolean;
} {
  const retryable = refusals.every(({ failure }) => failure.class === 'liveness' || failure.class === 'session');
  const busy = refusals.filter(({ failure }) => failure.class === 'capacity');
  if (busy.length > 0) {
    const said = new Set(busy.map(({ candidate, failure }) => `${candidate.agentName}: ${failure.detail}`));
    return { refusal: { ok: false, code: 'capacity-full', detail: [...said].join(' ') }, retryable };
  }
  const content = refusals.find(({ failure }) => failure.class === 'content');
  if (content) {
    const { candidate, failure } = content;
    const code = refusesPlanOnly(failure) ? 'not-playable' : 'content-broken';
    const detail = `The file on ${candidate.agentName} cannot be played: ${failure.detail}`;
    return { refusal: { ok: false, code, detail }, retryable };
  }
  const names = [...new Set(refusals.map(({ candidate }) => candidate.agentName))].join(', ');
  const detail = names === '' ? 'No machine with this file can be reached now.' : `Not reachable now: ${names}.`;
  return { refusal: { ok: false, code: 'agent-offline', detail }, retryable };
}
