import type { PlayRequest } from '../../shared/api/playback.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { type DecisionInput, decide } from '../../shared/media/decision.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Plan } from '../../shared/media/plan.ts';
import type { MachineRow } from '../db/agents.ts';
import type { AgentState } from './agent-state.ts';
import { borrowersOf } from './borrowers.ts';
import { place } from './placement.ts';
import { type Candidate, peakOf } from './session-record.ts';
import type { Room } from './site-room.ts';
import type { Source } from './source.ts';

/** Less of a line than this carries no film. */
const MIN_ROOM_BPS = 500_000;

/** Machines without a copy that are asked for one copy: the best of its site. */
const MAX_BORROWERS = 3;

/** A copy of an item as the catalog knows it. */
export interface PlayableCopy {
  id: number;
  agentId: string;
  agentName: string;
  siteId?: number;
  siteName?: string;
  root: string;
  pathHash: string;
  fingerprint: string;
  media: MediaInfo;
  /** Of the file, for other machines of the site that might encode it. */
  path?: string;
  size?: number;
  mtimeMs?: number;
}

type Wishes = Pick<PlayRequest, 'profile' | 'audioStream' | 'subtitleStream' | 'subtitleLanguage' | 'maxBitrate'> &
  Pick<DecisionInput, 'asItIs'>;

/** The world in which an item is to be played. Rates are bits a second. */
export interface Conditions {
  agents: readonly AgentState[];
  /** Where the viewer asks from; null or absent where that is not known. */
  network?: string | null;
  /** What the viewer may take away from home; null or absent is no limit. */
  remoteLimit?: number | null;
  /** What is left of the lines of sites, where that is known, by the site's id. */
  rooms?: ReadonlyMap<number, Room>;
  /** Every machine of the deployment: one without a copy may encode for one of its site. */
  machines?: readonly MachineRow[];
  /** All copies of the item, where only some are wanted. */
  copies?: readonly PlayableCopy[];
}

/** Why a copy cannot be played; a sentence for a person. */
export interface Obstacle {
  code: Extract<ErrorCode, 'not-playable' | 'capacity-full'>;
  detail: string;
}

/** Every way in which an item can reach a client, in the order of placement; or why there is none. */
export function candidatesFor(
  copies: readonly PlayableCopy[],
  wishes: Wishes,
  conditions: Conditions,
): { candidates: Candidate[]; obstacles: Obstacle[] } {
  const { agents, network = null } = conditions;
  const known = new Map(agents.map((agent) => [agent.agentId, agent]));
  const candidates: Candidate[] = [];
  const obstacles = new Map<string, Obstacle>();
  for (const copy of copies) {
    const found = candidateOf(copy, wishes, conditions, known.get(copy.agentId));
    if ('code' in found) obstacles.set(found.detail, found);
    else candidates.push(found);
    const borrowed = borrowedOf(copy, copies, wishes, conditions, known);
    candidates.push(...place(borrowed, agents, network).slice(0, MAX_BORROWERS));
  }
  return { candidates: place(candidates, agents, network), obstacles: [...obstacles.values()] };
}

/** The copy as machines of its site would encode it that do not have it. Only encoding is worth reading it from there. */
function borrowedOf(
  copy: PlayableCopy,
  copies: readonly PlayableCopy[],
  wishes: Wishes,
  conditions: Conditions,
  known: ReadonlyMap<string, AgentState>,
): Candidate[] {
  return borrowersOf(copy, conditions.copies ?? copies, conditions.machines ?? []).flatMap(({ machine, source }) => {
    const state = known.get(machine.agentId);
    if (!state) return [];
    const doer = { ...copy, agentId: machine.agentId, agentName: machine.agentName };
    const found = candidateOf(doer, wishes, conditions, state, source);
    return 'code' in found ? [] : [found];
  });
}

function candidateOf(
  copy: PlayableCopy,
  wishes: Wishes,
  { network = null, remoteLimit = null, rooms }: Conditions,
  agent: AgentState | undefined,
  source: Source | null = null,
): Candidate | Obstacle {
  const remote = network !== null && agent?.network !== undefined && agent.network !== network;
  const room = remote && copy.siteId !== undefined ? rooms?.get(copy.siteId) : undefined;
  const full: Obstacle = {
    code: 'capacity-full',
    detail: `The line of ${copy.siteName ?? copy.agentName} is busy with other viewers.`,
  };
  if (room?.firm && room.left < MIN_ROOM_BPS) return full;
  // What is kept may come as slowly as the line is; what one may take away from home holds for it too.
  const left = room && !wishes.asItIs && Math.max(room.left, MIN_ROOM_BPS);
  const limits = [wishes.maxBitrate, remote ? (remoteLimit ?? undefined) : undefined, left || undefined];
  const maxBitrate = Math.min(...limits.map((limit) => limit ?? Number.POSITIVE_INFINITY));
  const limited: Wishes = Number.isFinite(maxBitrate) ? { ...wishes, maxBitrate } : wishes;

  const asItIs = planFor(copy, limited, agent, false);
  // What is remuxed by its own machine may have to be encoded after all, and that can be done elsewhere.
  const plan = source && !encodes(asItIs) ? planFor(copy, limited, agent, true) : asItIs;
  if (typeof plan === 'string') return { code: 'not-playable', detail: plan };
  // Subtitles beside the film lie where it lies.
  const beside = copy.media.subtitles.flatMap(({ external, index }) => (external ? [index] : []));
  const paints = plan.video.some(({ burnIn }) => burnIn !== undefined && beside.includes(burnIn));
  if (source && (paints || !encodes(plan)))
    return { code: 'not-playable', detail: 'It is not worth reading from there.' };
  const bitrate = peakOf(plan) ?? copy.media.bitrate;
  if (room?.firm && !wishes.asItIs && (bitrate ?? 0) > room.left) return full;
  const copiesPicture = plan.video.some((video) => video.action === 'copy');
  const fallback = copiesPicture ? planFor(copy, limited, agent, true) : null;
  const { id: copyId, agentId, agentName, siteId, root, pathHash, fingerprint } = copy;
  const pixels = Math.max(0, ...copy.media.video.map((video) => video.width * video.height));
  return {
    ...{ copyId, agentId, agentName, siteId, root, pathHash, fingerprint, plan, pixels, remote, bitrate },
    fallback: typeof fallback === 'string' ? null : fallback,
    ...(source ? { source } : {}),
  };
}

const encodes = (plan: Plan | string) =>
  typeof plan !== 'string' && plan.video.some((video) => video.action === 'transcode');

function planFor(
  copy: PlayableCopy,
  wishes: Wishes,
  agent: AgentState | undefined,
  keyframesUnknown: boolean,
): Plan | string {
  // Of an agent that never told what it can do the usual is expected; it refuses by itself what it cannot.
  const told = agent?.online || (agent?.slotsTotal ?? 0) > 0;
  const { videoEncoders = [], paintsText } = told ? (agent ?? {}) : { videoEncoders: ['libx264'] };
  const doer = { videoEncoders, paintsText };
  const input: DecisionInput = { ...wishes, media: copy.media, agent: doer, keyframesUnknown };
  const decision = decide(input);
  if (decision.mode === 'none') return decision.detail;
  if (encodes(decision) && told && agent?.slotsTotal === 0) {
    // Subtitles that nobody asked for are no reason to have no film.
    const burned = wishes.subtitleStream === undefined && decision.video.some(({ burnIn }) => burnIn !== undefined);
    if (burned) return planFor(copy, { ...wishes, subtitleStream: null }, agent, keyframesUnknown);
    return `${copy.agentName} has no slot for transcoding, which this device would need.`;
  }
  return decision;
}
