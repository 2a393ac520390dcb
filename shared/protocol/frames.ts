import { z } from 'zod';
import { ERROR_CODES } from '../errors.ts';
import { BackgroundWork, Leave } from './background.ts';
import { Capabilities, OpenSession, RootInfo } from './capabilities.ts';
import { DirectAnnouncement, DirectKey, DirectService, MAX_DIRECT_OF_AGENT } from './direct.ts';
import { AgentId, RootId, SessionId } from './names.ts';
import { ByteRange, FAILURE_CLASSES, Resource } from './resources.ts';
import { RescanByRoot, ScanRunInfo } from './scans.ts';
import { UpdateWishes } from './updates.ts';

/** Bodies up to this many bytes come back inside a frame; larger ones by PUT. */
export const MAX_INLINE_BYTES = 64 * 1024;

/** A frame over this size closes the socket; a timeline of ten hours is well below. */
export const MAX_FRAME_BYTES = 1024 * 1024;

/** Parts of one PUT: Cloudflare's Free and Pro plans refuse request bodies over 100 MB. */
export const MAX_PART_BYTES = 64 * 1024 * 1024;

/** Requests that one agent works on at once, calls and bodies together; paused viewers count. */
export const MAX_IN_FLIGHT = 512;

const Id = z.string().min(1).max(256);

/** How far a scan has come. `done` with `total` null means that counting goes on. */
export const ScanProgress = z.object({
  kind: z.literal('scan.progress'),
  root: RootId,
  phase: z.enum(['walking', 'probing', 'syncing', 'done', 'failed']),
  /** Media files found, and how many of them are through. */
  total: z.number().int().nonnegative().nullable(),
  done: z.number().int().nonnegative(),
  problems: z.number().int().nonnegative(),
  /** A sentence for a person, when it failed. */
  message: z.string().max(500).nullable(),
  /** Left out by agents that know no runs. */
  run: ScanRunInfo.optional(),
});
export type ScanProgress = z.infer<typeof ScanProgress>;

export const AgentEvent = z.discriminatedUnion('kind', [
  ScanProgress,
  z.object({
    kind: z.literal('session.ended'),
    session: SessionId,
    generation: z.number().int().positive(),
    reason: z.enum(['lease', 'closed', 'failed', 'shutdown']),
  }),
  /** How busy the machine is; sent when it changes. */
  z.object({
    kind: z.literal('capacity'),
    slotsUsed: z.number().int().nonnegative(),
    slotsTotal: z.number().int().nonnegative(),
    /** It is to be stopped or updated, and takes nothing new; absent is no. */
    draining: z.boolean().optional(),
    /** What it encodes with since, in place of what its hello said; absent is no change. */
    videoEncoders: z.array(z.string().max(40)).max(40).optional(),
  }),
  /** What went to viewers past the edge; only told to an edge that has given a key for it. */
  z.object({ kind: z.literal('direct.served'), sessions: z.array(DirectService).max(MAX_DIRECT_OF_AGENT) }),
  z.object({ kind: z.literal('roots'), roots: z.array(RootInfo).max(200) }),
]);
export type AgentEvent = z.infer<typeof AgentEvent>;

/** What an agent says. */
export const AgentFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('hello'),
    protocol: z.number().int().positive(),
    minProtocol: z.number().int().positive(),
    agentId: AgentId,
    /** Milliseconds at which the process started: late work of an older process is told by it. */
    generation: z.number().int().positive(),
    version: z.string().max(40),
    capabilities: Capabilities,
    roots: z.array(RootInfo).max(200),
    sessions: z.array(OpenSession).max(10_000),
    /** Absent where viewers cannot come to this machine themselves. */
    direct: DirectAnnouncement.optional(),
  }),
  z.object({ type: z.literal('answer'), id: Id, body: z.unknown() }),
  z.object({
    type: z.literal('failure'),
    id: Id,
    class: z.enum(FAILURE_CLASSES),
    code: z.enum(ERROR_CODES),
    detail: z.string().max(500),
  }),
  /** The whole body of a byte request, when it is small. */
  z.object({
    type: z.literal('inline'),
    id: Id,
    contentType: z.string().max(100),
    etag: z.string().max(100).nullable(),
    /** `bytes a-b/size` when a range was asked for. */
    range: z.string().max(80).nullable(),
    /** Base64. */
    body: z.string().max(Math.ceil(MAX_INLINE_BYTES / 3) * 4),
  }),
  /**
   * Sent each second while any of these requests is being worked on; `moved`, beside each id, counts the
   * bytes of its body that have been sent so far (0 for a call). `uplink` is what the machine's line was seen
   * to carry, in bytes a second; null before it was busy.
   */
  z.object({
    type: z.literal('progress'),
    ids: z.array(Id).max(MAX_IN_FLIGHT),
    moved: z.array(z.number().int().nonnegative()).max(MAX_IN_FLIGHT),
    uplink: z.number().int().nonnegative().nullable(),
  }),
  /**
   * Asks for leave to begin a piece of background work or to go on with it, answered by `leave`; `done` gives it back,
   * and is not answered. Only said to an edge whose welcome names it.
   */
  z.object({ type: z.literal('background'), id: Id, work: BackgroundWork, done: z.boolean().optional() }),
  /** Kept until it is acknowledged, sent again after a reconnect; numbers rise within a process. */
  z.object({ type: z.literal('event'), seq: z.number().int().positive(), event: AgentEvent }),
]);
export type AgentFrame = z.infer<typeof AgentFrame>;

/** What the edge says. */
export const EdgeFrame = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    protocol: z.number().int().positive(),
    /** Milliseconds since 1970 at the edge, for doctors of clocks. */
    now: z.number().int(),
    /** Sessions of the hello that this agent must close: they moved or ended. */
    close: z.array(OpenSession).max(10_000),
    /** The agent's release that this edge offers; absent where it offers none. */
    agentVersion: z.string().max(40).optional(),
    /** How often the agent's roots are looked at again, where the libraries say so. */
    rescanMinutes: RescanByRoot.optional(),
    /** 32 bytes in base64url, this agent's own: with it tickets are sealed by which others read its files. */
    readKey: z.string().length(43).optional(),
    /** How this machine comes to newer agents, where its own configuration does not say. */
    updates: UpdateWishes.optional(),
    /** The key of direct tickets, where the agent announced addresses and may be used so. */
    direct: z.object({ key: DirectKey }).optional(),
    /** Background work is done by this edge's leave; absent is by the agent's own rule. */
    background: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('call'),
    id: Id,
    method: z.string().max(60),
    params: z.unknown(),
    deadlineMs: z.number().int().positive(),
  }),
  z.object({
    type: z.literal('bytes'),
    /** Also authorises the PUT: it carries a MAC and is verified with no look-up. */
    id: Id,
    session: SessionId.nullable(),
    generation: z.number().int().nonnegative(),
    resource: Resource,
    range: ByteRange.nullable(),
    deadlineMs: z.number().int().positive(),
  }),
  z.object({ type: z.literal('cancel'), id: Id }),
  z.object({ type: z.literal('ack'), seq: z.number().int().positive() }),
  /** Answers `background`. */
  z.object({ type: z.literal('leave'), id: Id, leave: Leave }),
]);
export type EdgeFrame = z.infer<typeof EdgeFrame>;

/** Headers of a PUT's first part, which tell the edge how to answer the viewer. */
export const PUT_HEADERS = {
  /** Bytes of the whole body over all parts. */
  total: 'hc-total',
  /** `bytes a-b/size` when the answer is a range. */
  range: 'hc-range',
  etag: 'hc-etag',
  contentType: 'hc-content-type',
} as const;
