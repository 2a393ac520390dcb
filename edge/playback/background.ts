import { type BackgroundWork, type Leave, type LeaveRefusal, workKey } from '../../shared/protocol/background.ts';
import type { AgentState } from './agent-state.ts';
import { livePlaces, type Place } from './queue.ts';
import type { SessionSummary } from './session-record.ts';

/** How long a leave holds unless it is renewed: an agent that died leaves no work behind that others wait for. */
export const LEAVE_MS = 3 * 60_000;

/** Pieces of work that are known at once: several of each machine of a large household. */
export const MAX_GRANTS = 500;

/** A piece of background work that an agent does. A hint: agents ask again for what they go on with. */
export interface Grant {
  agentId: string;
  work: BackgroundWork;
  /** Milliseconds since 1970. */
  until: number;
}

/** What leave depends on. */
export interface Household {
  agents: readonly Pick<AgentState, 'agentId' | 'draining'>[];
  places: readonly Place[];
  sessions: readonly Pick<SessionSummary, 'agentId' | 'state' | 'source'>[];
}

/**
 * Judges whether an agent may do a piece of background work now, or go on with it: people come before it, on the
 * machine itself and on those that would read its disks, and two machines are not at the same work at once (they
 * may share the disk that the film lies on). Answers what is being done from now on, too.
 */
export function judgeLeave(
  grants: readonly Grant[],
  household: Household,
  { agentId, work }: Pick<Grant, 'agentId' | 'work'>,
  now: number,
): { leave: Leave; grants: Grant[] } {
  const others = liveGrants(grants, now).filter((grant) => !isSame(grant, agentId, work));
  const because = hindrance(agentId, household, now) ?? crowded(others, work);
  if (because) return { leave: { may: false, because }, grants: others };
  return { leave: { may: true, forMs: LEAVE_MS }, grants: [...others, { agentId, work, until: now + LEAVE_MS }] };
}

/** A piece of work is done, or given up. */
export function returned(
  grants: readonly Grant[],
  { agentId, work }: Pick<Grant, 'agentId' | 'work'>,
  now: number,
): Grant[] {
  return liveGrants(grants, now).filter((grant) => !isSame(grant, agentId, work));
}

/** Of what is being done, that which has to be given up now, and why; and what goes on. */
export function takenBack(
  grants: readonly Grant[],
  household: Household,
  now: number,
): { back: { grant: Grant; because: LeaveRefusal }[]; grants: Grant[] } {
  const back: { grant: Grant; because: LeaveRefusal }[] = [];
  const kept: Grant[] = [];
  for (const grant of liveGrants(grants, now)) {
    const because = hindrance(grant.agentId, household, now);
    if (because) back.push({ grant, because });
    else kept.push(grant);
  }
  return { back, grants: kept };
}

export function liveGrants(grants: readonly Grant[], now: number): Grant[] {
  return grants.filter(({ until }) => until > now);
}

/** Why a machine may do nothing in the background now. */
function hindrance(agentId: string, { agents, places, sessions }: Household, now: number): LeaveRefusal | null {
  if (agents.some((agent) => agent.agentId === agentId && agent.draining)) return 'draining';
  const waits = livePlaces(places, now).some(
    (place) => place.agentIds.includes(agentId) || place.lenderIds?.includes(agentId),
  );
  if (waits) return 'viewer-waits';
  const watched = sessions.some(
    ({ agentId: owner, source, state }) =>
      (state === 'opening' || state === 'playing' || state === 'moving') &&
      (owner === agentId || source?.agentId === agentId),
  );
  return watched ? 'viewer-watches' : null;
}

function crowded(others: readonly Grant[], work: BackgroundWork): LeaveRefusal | null {
  if (others.some((grant) => workKey(grant.work) === workKey(work))) return 'same-work';
  return others.length >= MAX_GRANTS ? 'too-many' : null;
}

function isSame(grant: Grant, agentId: string, work: BackgroundWork): boolean {
  return grant.agentId === agentId && workKey(grant.work) === workKey(work);
}
