import type { PlacedBecause } from '../../shared/api/playback.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { Plan } from '../../shared/media/plan.ts';
import type { OwnerFailure } from './cool-down.ts';
import type { SessionState } from './session-states.ts';

/** Ways of playing that one session keeps; copies beyond are never tried. */
const MAX_CANDIDATES = 12;

/** One copy on one agent, and how it would reach the viewer from there. */
export interface Candidate {
  copyId: number;
  agentId: string;
  agentName: string;
  root: string;
  pathHash: string;
  fingerprint: string;
  plan: Plan;
  /** Instead, where the agent cannot tell the file's keyframes. Null where that changes nothing, or nothing is left. */
  fallback: Plan | null;
  pixels: number;
  /** Why placement put it before the next agent. */
  because?: PlacedBecause;
}

/** What a session begins with. Candidates are in the order of placement. */
export interface SessionStart {
  id: string;
  userId: number;
  userName: string;
  authSessionId: string;
  itemId: number;
  title: string;
  durationMs: number;
  expiresAt: number;
  /** Where the viewer is going to begin, as far as is known. */
  startMs?: number;
  candidates: Candidate[];
}

/** A session as its object stores it, all but the timeline. */
export interface SessionRecord extends SessionStart {
  /** Of this shape: code reads the version before its own too. */
  version: 1;
  state: SessionState;
  stateSince: number;
  startedAt: number;
  /** Raised before every attempt to open, so that no two attempts are ever taken for each other. */
  generation: number;
  /** Who owns it, or is being asked; null before the first attempt. */
  owner: (Pick<Candidate, 'copyId' | 'agentId' | 'agentName' | 'fingerprint'> & { because?: PlacedBecause }) | null;
  plan: Plan | null;
  timelineHash: string | null;
  file: { size: number; contentType: string } | null;
  failures: OwnerFailure[];
  /** How often it went over to another agent. */
  moves: number;
  /** What the viewer is told when somebody else ended it. */
  farewell: string | null;
  positionMs: number;
  /** A position was reported that the database does not have. */
  unsaved: boolean;
  savedAt: number;
  /** Rises with every change, so that late news of this session are told from new ones. */
  seq: number;
}

/** A refusal as data: classes of errors do not survive a call between objects. */
export interface Refusal {
  ok: false;
  code: ErrorCode;
  detail: string;
}

/** Who serves a session now. */
export interface Owner {
  agentId: string;
  generation: number;
}

/** How a session began. */
export interface Started extends Owner {
  ok: true;
  copyId: number;
  fingerprint: string;
  plan: Plan;
  file: { size: number; contentType: string };
}

/** A session as the Fleet lists it for admins. */
export interface SessionSummary {
  id: string;
  authSessionId: string;
  userName: string;
  itemId: number;
  title: string;
  agentId: string;
  agentName: string;
  generation: number;
  mode: Plan['mode'];
  /** Why the viewer does not get the file as it is. */
  reasons: Plan['reasons'];
  /** Peak bits a second of what the viewer gets; null for a file as it is. */
  bitrate: number | null;
  because: PlacedBecause;
  moves: number;
  state: SessionState;
  positionMs: number;
  startedAt: number;
  expiresAt: number;
  seq: number;
  ended: boolean;
}

export function newRecord(start: SessionStart, now: number): SessionRecord {
  return {
    ...start,
    candidates: start.candidates.slice(0, MAX_CANDIDATES),
    version: 1,
    state: 'opening',
    stateSince: now,
    startedAt: now,
    generation: 0,
    owner: null,
    plan: null,
    timelineHash: null,
    file: null,
    failures: [],
    moves: 0,
    farewell: null,
    positionMs: start.startMs ?? 0,
    unsaved: false,
    savedAt: now,
    seq: 0,
  };
}

/** A record as an older release may have stored it, with what it did not know yet. */
export function currentRecord(stored: SessionRecord): SessionRecord {
  return { ...stored, moves: stored.moves ?? 0, farewell: stored.farewell ?? null };
}

export function summaryOf(record: SessionRecord): SessionSummary {
  const { id, authSessionId, userName, itemId, title, generation, positionMs, startedAt, expiresAt, seq } = record;
  return {
    id,
    authSessionId,
    userName,
    itemId,
    title,
    agentId: record.owner?.agentId ?? '',
    agentName: record.owner?.agentName ?? '',
    generation,
    mode: record.plan?.mode ?? 'direct',
    reasons: record.plan?.reasons ?? [],
    bitrate: bitrateOf(record.plan),
    because: record.owner?.because ?? 'first',
    moves: record.moves,
    state: record.state,
    positionMs,
    startedAt,
    expiresAt,
    seq,
    ended: record.state === 'ended',
  };
}

function bitrateOf(plan: Plan | null): number | null {
  if (!plan || plan.mode === 'direct') return null;
  // The viewer gets one rendition of the picture and one track of sound.
  return Math.max(0, ...plan.video.map(({ bitrate }) => bitrate)) + (plan.audio[0]?.bitrate ?? 0);
}
