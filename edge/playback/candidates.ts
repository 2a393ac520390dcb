import type { PlayRequest } from '../../shared/api/playback.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { type DecisionInput, decide } from '../../shared/media/decision.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Plan } from '../../shared/media/plan.ts';
import type { AgentState } from './agent-state.ts';
import { place } from './placement.ts';
import { type Candidate, peakOf } from './session-record.ts';

/** Less of a line than this carries no film. */
const MIN_ROOM_BPS = 500_000;

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
}

type Wishes = Pick<PlayRequest, 'profile' | 'audioStream' | 'subtitleStream' | 'subtitleLanguage' | 'maxBitrate'>;

/** The world in which an item is to be played. Rates are bits a second. */
export interface Conditions {
  agents: readonly AgentState[];
  /** Where the viewer asks from; null or absent where that is not known. */
  network?: string | null;
  /** What the viewer may take away from home; null or absent is no limit. */
  remoteLimit?: number | null;
  /** What is left of the lines of sites that have a limit, by the site's id. */
  room?: ReadonlyMap<number, number>;
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
  }
  return { candidates: place(candidates, agents, network), obstacles: [...obstacles.values()] };
}

function candidateOf(
  copy: PlayableCopy,
  wishes: Wishes,
  { network = null, remoteLimit = null, room }: Conditions,
  agent: AgentState | undefined,
): Candidate | Obstacle {
  const remote = network !== null && agent?.network !== undefined && agent.network !== network;
  const left = remote && copy.siteId !== undefined ? room?.get(copy.siteId) : undefined;
  const full: Obstacle = {
    code: 'capacity-full',
    detail: `The line of ${copy.siteName ?? copy.agentName} is busy with other viewers.`,
  };
  if (left !== undefined && left < MIN_ROOM_BPS) return full;
  const limits = [wishes.maxBitrate, remote ? (remoteLimit ?? undefined) : undefined, left];
  const maxBitrate = Math.min(...limits.map((limit) => limit ?? Number.POSITIVE_INFINITY));
  const limited: Wishes = Number.isFinite(maxBitrate) ? { ...wishes, maxBitrate } : wishes;

  const plan = planFor(copy, limited, agent, false);
  if (typeof plan === 'string') return { code: 'not-playable', detail: plan };
  const bitrate = peakOf(plan) ?? copy.media.bitrate;
  if (left !== undefined && (bitrate ?? 0) > left) return full;
  const copiesPicture = plan.video.some((video) => video.action === 'copy');
  const fallback = copiesPicture ? planFor(copy, limited, agent, true) : null;
  const { id: copyId, agentId, agentName, siteId, root, pathHash, fingerprint } = copy;
  const pixels = Math.max(0, ...copy.media.video.map((video) => video.width * video.height));
  return {
    ...{ copyId, agentId, agentName, siteId, root, pathHash, fingerprint, plan, pixels, remote, bitrate },
    fallback: typeof fallback === 'string' ? null : fallback,
  };
}

function planFor(
  copy: PlayableCopy,
  wishes: Wishes,
  agent: AgentState | undefined,
  keyframesUnknown: boolean,
): Plan | string {
  // Of an agent that never told what it can do the usual is expected; it refuses by itself what it cannot.
  const told = agent?.online || (agent?.slotsTotal ?? 0) > 0;
  const videoEncoders = told ? (agent?.videoEncoders ?? []) : ['libx264'];
  const input: DecisionInput = { ...wishes, media: copy.media, agent: { videoEncoders }, keyframesUnknown };
  const decision = decide(input);
  if (decision.mode === 'none') return decision.detail;
  const encodes = decision.video.some((video) => video.action === 'transcode');
  if (encodes && told && agent?.slotsTotal === 0) {
    // Subtitles that nobody asked for are no reason to have no film.
    const burned = wishes.subtitleStream === undefined && decision.video.some(({ burnIn }) => burnIn !== undefined);
    if (burned) return planFor(copy, { ...wishes, subtitleStream: null }, agent, keyframesUnknown);
    return `${copy.agentName} has no slot for transcoding, which this device would need.`;
  }
  return decision;
}
