import { isHardwareEncoder } from '../../shared/media/decision.ts';
import type { Plan } from '../../shared/media/plan.ts';
import type { AgentState } from './agent-state.ts';

/** What placement looks at in one way of playing an item. */
export interface Placeable {
  agentId: string;
  plan: Pick<Plan, 'mode'> & { video: readonly { action: 'copy' | 'transcode' }[] };
  /** Pixels of the source's picture: of two copies that play alike, the better one. */
  pixels: number;
}

const MODES: Record<Plan['mode'], number> = { direct: 0, remux: 1, transcode: 2 };

/**
 * Candidates in the order in which they are to be asked: those online first, then those nobody knows of, then
 * those said to be offline (presence is a hint, and asking an absent agent fails at once); the cheapest plan; free
 * slots, which only encoding takes; a hardware encoder; the larger picture; else as they came.
 */
export function place<C extends Placeable>(candidates: readonly C[], agents: readonly AgentState[]): C[] {
  const known = new Map(agents.map((agent) => [agent.agentId, agent]));
  return candidates
    .map((candidate) => ({ candidate, rank: rankOf(candidate, known.get(candidate.agentId)) }))
    .sort((a, b) => compareRanks(a.rank, b.rank))
    .map(({ candidate }) => candidate);
}

function rankOf(candidate: Placeable, agent: AgentState | undefined): number[] {
  const { plan, pixels } = candidate;
  const presence = agent === undefined ? 1 : agent.online ? 0 : 2;
  const encodes = plan.video.some((video) => video.action === 'transcode');
  const full = encodes && agent !== undefined && agent.slotsUsed >= agent.slotsTotal;
  const slow = encodes && !(agent?.videoEncoders ?? []).some(isHardwareEncoder);
  return [presence, MODES[plan.mode], Number(full), Number(slow), -pixels];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at === -1 ? 0 : (a[at] as number) - (b[at] as number);
}
