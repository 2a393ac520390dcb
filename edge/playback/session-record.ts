import type { PlacedBecause } from '../../shared/api/playback.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import type { Plan } from '../../shared/media/plan.ts';
import type { OwnerFailure } from './cool-down.ts';
import type { ServedDirectly } from './direct-service.ts';
import type { Shown } from './session-position.ts';
import type { SessionState } from './session-states.ts';
import type { Source } from './source.ts';

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
  /** The agent's site; absent in records of older releases, as are the following. */
  siteId?: number | undefined;
  /** Whether the bytes leave that site's network for its viewer, as far as is known. */
  remote?: boolean | undefined;
  /** Bits a second that the viewer gets at most; null where that is not known. */
  bitrate?: number | null | undefined;
  /** Whose file the agent reads to encode it, where the copy is not its own. */
  source?: Source | undefined;
}

/** Another copy of the item: other bytes, to which a session cannot move, but with which its viewer can begin anew. */
export type Alternative = Pick<Candidate, 'agentId' | 'agentName' | 'fingerprint'>;

/** What a session begins with. Candidates are in the order of placement. */
export interface SessionStart {
  id: string;
  userId: number;
  /** The account, where that is not the user themself but a profile's; limits are the account's. */
  accountId?: number;
  userName: string;
  authSessionId: string;
  itemId: number;
  title: string;
  durationMs: number;
  expiresAt: number;
  /** Where the viewer is going to begin, as far as is known. */
  startMs?: number;
  /** What the viewer watches on, for their other devices. */
  device?: string;
  /** Whether the viewer may keep the file; absent in records of older releases. */
  mayKeep?: boolean;
  /** Whether it is kept and not watched. */
  keeps?: boolean;
  candidates: Candidate[];
  /** Copies beside the candidates that could be played instead. */
  alternatives?: Alternative[];
}

/** Who owns a session, and why. */
export type SessionOwner = Pick<
  Candidate,
  'copyId' | 'agentId' | 'agentName' | 'fingerprint' | 'because' | 'siteId' | 'remote' | 'bitrate'
> & {
  /** Whose file it reads, where that is not its own. */
  source?: Pick<Source, 'agentId' | 'agentName'> | undefined;
};

/** A session as its object stores it, all but the timeline. */
export interface SessionRecord extends SessionStart {
  /** Of this shape: code reads the version before its own too. */
  version: 1;
  state: SessionState;
  stateSince: number;
  startedAt: number;
  /** Of the owner. */
  generation: number;
  /** Raised before every attempt to open, so that no two attempts are ever taken for each other. */
  tried: number;
  /** Who owns it, or is being asked; null before the first attempt. */
  owner: SessionOwner | null;
  plan: Plan | null;
  timelineHash: string | null;
  file: { size: number; contentType: string } | null;
  failures: OwnerFailure[];
  /** How often it went over to another agent. */
  moves: number;
  /** What the viewer is told when somebody else ended it. */
  farewell: string | null;
  /** Whether it was its own viewer, who went on elsewhere. */
  elsewhere?: boolean;
  positionMs: number;
  /** What the player told last; null before it did. */
  shown: Shown | null;
  /** Absent before its machine told that it served its viewer past the edge. */
  served?: ServedDirectly | null;
  /** A position was reported that the database does not have. */
  unsaved: boolean;
  savedAt: number;
  /** Rises with every change, so that late news of this session are told from new ones. */
  seq: number;
}

/** What the viewer said is kept; with how new the database has to be to show what was brought to it last. */
export interface Kept {
  ok: true;
  bookmark: string | null;
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
  userId?: number;
  accountId?: number | undefined;
  authSessionId: string;
  userName: string;
  itemId: number;
  title: string;
  device?: string;
  keeps?: boolean | undefined;
  agentId: string;
  agentName: string;
  /** Whose file that agent reads, where it is not its own. */
  source?: { agentId: string; agentName: string } | undefined;
  siteId?: number | undefined;
  remote?: boolean | undefined;
  generation: number;
  mode: Plan['mode'];
  /** Why the viewer does not get the file as it is. */
  reasons: Plan['reasons'];
  /** Peak bits a second of what the viewer gets; null where that is not known. */
  bitrate: number | null;
  /** What the player told last. */
  shown?: Shown | null;
  served?: ServedDirectly | null;
  durationMs?: number;
  because: PlacedBecause;
  moves: number;
  state: SessionState;
  /** Since when; absent in what older releases told. */
  stateSince?: number;
  positionMs: number;
  startedAt: number;
  expiresAt: number;
  seq: number;
  /** What the viewer is told when somebody else ended it. */
  farewell?: string | null;
  elsewhere?: boolean | undefined;
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
    tried: 0,
    owner: null,
    plan: null,
    timelineHash: null,
    file: null,
    failures: [],
    moves: 0,
    farewell: null,
    positionMs: start.startMs ?? 0,
    shown: null,
    unsaved: false,
    savedAt: now,
    seq: 0,
  };
}

/** A record as an older release may have stored it, with what it did not know yet. */
export function currentRecord(stored: SessionRecord): SessionRecord {
  const { moves = 0, farewell = null, shown = null, tried = stored.generation } = stored;
  return { ...stored, moves, farewell, shown, tried };
}

export function summaryOf(record: SessionRecord): SessionSummary {
  const { id, userId, accountId, authSessionId, userName, itemId, title, device, durationMs } = record;
  const { generation, moves, state, stateSince, positionMs, shown, startedAt, expiresAt, seq, owner, plan } = record;
  const { served = null } = record;
  return {
    ...{ id, userId, accountId, authSessionId, userName, itemId, title, durationMs },
    ...{ generation, moves, state, stateSince, positionMs, shown, served, startedAt, expiresAt, seq },
    ...(device === undefined ? {} : { device }),
    agentId: owner?.agentId ?? '',
    agentName: owner?.agentName ?? '',
    source: owner?.source,
    siteId: owner?.siteId,
    remote: owner?.remote,
    mode: plan?.mode ?? 'direct',
    reasons: plan?.reasons ?? [],
    bitrate: owner?.bitrate ?? peakOf(plan),
    because: owner?.because ?? 'first',
    farewell: record.farewell,
    elsewhere: record.elsewhere,
    keeps: record.keeps,
    ended: state === 'ended',
  };
}

/** Peak bits a second of one rendition of the picture and one track of sound; null for a file as it is. */
export function peakOf(plan: Plan | null): number | null {
  if (!plan || plan.mode === 'direct') return null;
  return Math.max(0, ...plan.video.map(({ bitrate }) => bitrate)) + (plan.audio[0]?.bitrate ?? 0);
}
