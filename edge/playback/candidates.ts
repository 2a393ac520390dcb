import type { PlayRequest } from '../../shared/api/playback.ts';
import { type DecisionInput, decide } from '../../shared/media/decision.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Plan } from '../../shared/media/plan.ts';
import type { AgentState } from './agent-state.ts';
import { place } from './placement.ts';
import type { Candidate } from './session-record.ts';

/** A copy of an item as the catalog knows it. */
export interface PlayableCopy {
  id: number;
  agentId: string;
  agentName: string;
  root: string;
  pathHash: string;
  fingerprint: string;
  media: MediaInfo;
}

/** Every way in which an item can reach a client, in the order of placement; or why there is none, for a person. */
export function candidatesFor(
  copies: readonly PlayableCopy[],
  request: Pick<PlayRequest, 'profile' | 'audioStream' | 'subtitleStream' | 'maxBitrate'>,
  agents: readonly AgentState[],
  network: string | null = null,
): { candidates: Candidate[]; obstacles: string[] } {
  const known = new Map(agents.map((agent) => [agent.agentId, agent]));
  const candidates: Candidate[] = [];
  const obstacles: string[] = [];
  for (const copy of copies) {
    const agent = known.get(copy.agentId);
    const plan = planFor(copy, request, agent, false);
    if (typeof plan === 'string') {
      obstacles.push(plan);
      continue;
    }
    const copiesPicture = plan.video.some((video) => video.action === 'copy');
    const fallback = copiesPicture ? planFor(copy, request, agent, true) : null;
    const { id: copyId, agentId, agentName, root, pathHash, fingerprint } = copy;
    const pixels = Math.max(0, ...copy.media.video.map((video) => video.width * video.height));
    candidates.push({
      ...{ copyId, agentId, agentName, root, pathHash, fingerprint, plan, pixels },
      fallback: typeof fallback === 'string' ? null : fallback,
    });
  }
  return { candidates: place(candidates, agents, network), obstacles: [...new Set(obstacles)] };
}

function planFor(
  copy: PlayableCopy,
  request: Pick<PlayRequest, 'profile' | 'audioStream' | 'subtitleStream' | 'maxBitrate'>,
  agent: AgentState | undefined,
  keyframesUnknown: boolean,
): Plan | string {
  // Of an agent that never told what it can do the usual is expected; it refuses by itself what it cannot.
  const told = agent?.online || (agent?.slotsTotal ?? 0) > 0;
  const videoEncoders = told ? (agent?.videoEncoders ?? []) : ['libx264'];
  const input: DecisionInput = { ...request, media: copy.media, agent: { videoEncoders }, keyframesUnknown };
  const decision = decide(input);
  if (decision.mode === 'none') return decision.detail;
  const encodes = decision.video.some((video) => video.action === 'transcode');
  if (encodes && told && agent?.slotsTotal === 0) {
    return `${copy.agentName} has no slot for transcoding, which this device would need.`;
  }
  return decision;
}
