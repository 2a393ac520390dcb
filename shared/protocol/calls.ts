import { z } from 'zod';
import { Plan } from '../media/plan.ts';
import { Timeline } from '../media/timeline.ts';
import { BackgroundWork, LeaveRefusal } from './background.ts';
import { RootInfo } from './capabilities.ts';
import { DirectKey } from './direct.ts';
import { BrowseAnswer, FolderPlace } from './folders.ts';
import { CopyKey, Fingerprint, RootId, SessionId } from './names.ts';
import { RescanByRoot, ScanRunId, ScanTrigger } from './scans.ts';
import { FilmSource } from './sources.ts';
import { UpdateWishes } from './updates.ts';

/** The calls from edge to agent: one table of method, parameters and answer, from which both ends are typed. */
export const CALLS = {
  /** Admits a session or refuses it (`capacity-full`, `not-found`, `content-broken`); atomic and idempotent. */
  'session.open': {
    params: z.object({
      session: SessionId,
      /** Late calls of an older generation are refused. */
      generation: z.number().int().positive(),
      copy: CopyKey,
      fingerprint: Fingerprint,
      plan: Plan,
      /** The hash that the first owner published; an agent whose own differs refuses (`conflict`). */
      timelineHash: z.string().nullable(),
      /** Where the viewer is going to begin, as far as is known: an init segment is then made from there. */
      startMs: z.number().int().nonnegative().optional(),
      /** The copy is another agent's, from which the bytes are read; only for agents that say `borrows`. */
      source: FilmSource.optional(),
    }),
    answer: z.object({
      /** Null in direct play. */
      timeline: Timeline.nullable(),
      file: z.object({
        size: z.number().int().nonnegative(),
        contentType: z.string().max(100),
        etag: z.string().max(100),
      }),
    }),
  },
  /** Ends a session: its ffmpeg dies, its slot is free. Unknown sessions are fine. */
  'session.close': {
    params: z.object({ session: SessionId, generation: z.number().int().positive() }),
    answer: z.object({}),
  },
  /** Takes nothing new from now on, or takes viewers again; what is open stays until it is handed over. */
  'agent.drain': {
    params: z.object({ draining: z.boolean() }),
    answer: z.object({ sessions: z.number().int().nonnegative() }),
  },
  /** Takes back the leave for a piece of background work: it is given up at once. Work that is not done is fine. */
  'background.stop': {
    params: z.object({ work: BackgroundWork, because: LeaveRefusal }),
    answer: z.object({}),
  },
  /** Starts a scan of one root or of all; answers at once, progress comes as events. */
  'library.scan': {
    params: z.object({
      root: RootId.nullable(),
      /** Every folder is looked into, and afterwards all that the edge holds is compared. */
      full: z.boolean().optional(),
      trigger: ScanTrigger.optional(),
    }),
    answer: z.object({
      started: z.boolean(),
      /** The runs that will do it, by root: one that waits already takes another request in. */
      runs: z.record(RootId, ScanRunId).optional(),
    }),
  },
  /** Stops the scans of one root or of all, and those that wait. What they have read is kept. */
  'library.stop': {
    params: z.object({ root: RootId.nullable() }),
    answer: z.object({ stopped: z.boolean() }),
  },
  /** How often each root is looked at again; what was said before and is not named is as if never said. */
  'library.settings': {
    params: z.object({ rescanMinutes: RescanByRoot }),
    answer: z.object({}),
  },
  /** The folders that may be chosen from afar; `place` null is the list of what the machine's owner allowed. */
  'library.browse': {
    params: z.object({ place: FolderPlace.nullable() }),
    answer: BrowseAnswer,
  },
  /** Shares a folder from now on (`not-found`, `forbidden`, `conflict`); one that is shared already is fine. */
  'roots.add': {
    params: z.object({ place: FolderPlace, library: z.string().trim().min(1).max(200) }),
    answer: z.object({ root: RootInfo }),
  },
  /** Shares a folder no more that was chosen (`not-found`, `conflict` for one of the machine's own configuration). */
  'roots.remove': {
    params: z.object({ root: RootId }),
    answer: z.object({}),
  },
  /** How this machine comes to newer agents, where its own configuration does not say [HS8]. */
  'agent.settings': {
    params: z.object({ updates: UpdateWishes }),
    answer: z.object({}),
  },
  /** An admin has allowed the direct way (the key of its tickets), or has ended it (null): none is good from now on. */
  'agent.direct': {
    params: z.object({ key: DirectKey.nullable() }),
    answer: z.object({}),
  },
  /** Takes the release that the edge offers (`conflict` with the reason where this machine does not). */
  'agent.update': {
    params: z.object({}),
    answer: z.object({ version: z.string().max(40) }),
  },
} as const;

export type CallMethod = keyof typeof CALLS;
export type CallParams<M extends CallMethod> = z.infer<(typeof CALLS)[M]['params']>;
export type CallAnswer<M extends CallMethod> = z.infer<(typeof CALLS)[M]['answer']>;
