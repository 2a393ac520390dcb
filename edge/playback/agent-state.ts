/** What the Fleet knows of an agent: a hint, since only the agent itself admits or refuses. */
export interface AgentState {
  agentId: string;
  online: boolean;
  slotsUsed: number;
  slotsTotal: number;
  /** ffmpeg's names, best first. */
  videoEncoders: string[];
  /** It paints subtitles that are text into a picture; absent is no. */
  paintsText?: boolean;
  /** It is to be stopped: nothing new is given to it. Absent is no. */
  draining?: boolean;
  /** What its line was seen to carry, bits a second; absent where that is not known. */
  uplink?: number;
  /** Milliseconds since 1970. */
  changedAt: number;
  /** The network that it connected from last, where that is known. */
  network?: string;
  /** Sessions that it serves now, and bits a second that leave its network for them at most; absent is none. */
  sessions?: number;
  sending?: number;
  /** The machines that encode its files now, and for how many sessions; absent is none. */
  lending?: { agentName: string; sessions: number }[];
  /** What it does in the background, by kind; absent is nothing. */
  background?: string[];
}

/** Most agents that the Fleet keeps: far above any household, so that only a fault reaches it. */
export const MAX_AGENTS = 500;

/** The news of an agent as its link tells it. */
export type AgentChange = Omit<AgentState, 'changedAt' | 'network' | 'sessions' | 'sending' | 'lending' | 'background'>;

/** Whether something new may be given to an agent. */
export function isPlaceable(agent: Pick<AgentState, 'online' | 'draining'>): boolean {
  return agent.online && agent.draining !== true;
}

/**
 * The state after a change, or null where the change says nothing new. An agent that is offline tells nothing of what
 * it can do: that stays as it was, so that viewers hear "offline" rather than "has no encoder".
 */
export function afterChange(known: AgentState | undefined, change: AgentChange, now: number): AgentState | null {
  const { agentId, online } = change;
  const slotsUsed = online ? change.slotsUsed : 0;
  const { slotsTotal, videoEncoders, paintsText = false } = online || !known ? change : known;
  const draining = online && change.draining === true;
  const uplink = change.uplink ?? known?.uplink;
  const same =
    known !== undefined &&
    known.online === online &&
    known.slotsUsed === slotsUsed &&
    known.slotsTotal === slotsTotal &&
    known.videoEncoders.join() === videoEncoders.join() &&
    (known.paintsText ?? false) === paintsText &&
    (known.draining ?? false) === draining &&
    known.uplink === uplink;
  if (same) return null;
  const can = { videoEncoders: [...videoEncoders], ...(paintsText ? { paintsText } : {}) };
  const about = { agentId, online, slotsUsed, slotsTotal, ...can, changedAt: now };
  return { ...about, ...(draining ? { draining } : {}), ...(uplink === undefined ? {} : { uplink }) };
}

/** Which to forget when there are too many: those longest without a change, offline ones before all others. */
export function excessAgents(states: readonly AgentState[]): AgentState[] {
  const byWorth = [...states].sort((a, b) => Number(b.online) - Number(a.online) || b.changedAt - a.changedAt);
  return byWorth.slice(MAX_AGENTS);
}
