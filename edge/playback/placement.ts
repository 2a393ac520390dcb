import type { PlacedBecause } from '../../shared/api/playback.ts';
import { isHardwareEncoder } from '../../shared/media/encoders.ts';
import type { Plan } from '../../shared/media/plan.ts';
import { type AgentState, isPlaceable } from './agent-state.ts';

/** What placement looks at in one way of playing an item. */
export interface Placeable {
  agentId: string;
  plan: Pick<Plan, 'mode'> & { video: readonly { action: 'copy' | 'transcode' }[] };
  /** Bits a second at most; null or absent where that is not known. */
  bitrate?: number | null | undefined;
  /** Whether the bytes leave the agent's network for this viewer. */
  remote?: boolean | undefined;
  /** Pixels of the source's picture: of two copies that play alike, the better one. */
  pixels: number;
  /** Whose file it reads, where that is not its own; `mapped` where it does so without that agent. */
  source?: { agentId: string; mapped: boolean } | undefined;
}

const MODES: Record<Plan['mode'], number> = { direct: 0, remux: 1, transcode: 2 };

/** What placement looks at, most important first; each is a number of which the smaller is better. */
const CRITERIA = [
  'online',
  'mode',
  'free-slot',
  'same-network',
  'uplink',
  'hardware',
  'own-file',
  'picture',
  'load',
] as const satisfies readonly PlacedBecause[];

/**
 * Candidates in the order in which they are to be asked: those online first, then those nobody knows of, then
 * those said to be offline (presence is a hint, and asking an absent agent fails at once); the cheapest plan; free
 * slots, which only encoding takes; the viewer's own network; a line that was seen to carry it beside what it carries
 * already; a hardware encoder; who has the file itself; the larger picture; who serves fewest; else as they came. Who
 * reads from another is there when both are. `because` says what put each
 * before the next agent.
 */
export function place<C extends Placeable>(
  candidates: readonly C[],
  agents: readonly AgentState[],
  network: string | null = null,
): (C & { because: PlacedBecause })[] {
  const known = new Map(agents.map((agent) => [agent.agentId, agent]));
  const ranked = candidates
    .map((candidate) => ({ candidate, rank: rankOf(candidate, known, network) }))
    .sort((a, b) => compareRanks(a.rank, b.rank));
  return ranked.map(({ candidate, rank }, at) => {
    const others = ranked.filter((other) => other.candidate.agentId !== candidate.agentId);
    const next = ranked.slice(at + 1).find((other) => other.candidate.agentId !== candidate.agentId);
    const because = others.length === 0 ? 'only-one' : next ? criterion(rank, next.rank) : 'first';
    return { ...candidate, because };
  });
}

function rankOf(candidate: Placeable, known: ReadonlyMap<string, AgentState>, network: string | null): number[] {
  const { plan, pixels, source } = candidate;
  const agent = known.get(candidate.agentId);
  const reached = source && !source.mapped ? presenceOf(known.get(source.agentId)) : 0;
  const presence = Math.max(presenceOf(agent), reached);
  const encodes = plan.video.some((video) => video.action === 'transcode');
  const full = encodes && agent !== undefined && agent.slotsUsed >= agent.slotsTotal;
  const far = network === null || agent?.network !== network;
  const slow = encodes && !(agent?.videoEncoders ?? []).some(isHardwareEncoder);
  const narrow = candidate.remote === true && !carries(agent, candidate.bitrate ?? 0);
  return [
    ...[presence, MODES[plan.mode], Number(full), Number(far), Number(narrow), Number(slow)],
    ...[Number(source !== undefined), -pixels, agent?.sessions ?? 0],
  ];
}

/** There, not known of, or away. */
function presenceOf(agent: AgentState | undefined): 0 | 1 | 2 {
  return agent === undefined ? 1 : isPlaceable(agent) ? 0 : 2;
}

/** Whether an agent's line has room for so much more; one that was never seen at work is believed to. */
function carries(agent: AgentState | undefined, bitrate: number): boolean {
  return agent?.uplink === undefined || (agent.sending ?? 0) + bitrate <= agent.uplink;
}

function criterion(rank: readonly number[], next: readonly number[]): PlacedBecause {
  return CRITERIA[rank.findIndex((value, i) => value !== next[i])] ?? 'first';
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at === -1 ? 0 : (a[at] as number) - (b[at] as number);
}
