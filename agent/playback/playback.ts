import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CallAnswer, CallParams } from '../../shared/protocol/calls.ts';
import type { Capabilities, OpenSession } from '../../shared/protocol/capabilities.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import { type EncodingPower, powerOf } from '../ffmpeg/encoding-power.ts';
import type { Binaries } from '../ffmpeg/locate.ts';
import type { CopyLookup, IndexedCopy } from '../library/copies.ts';
import type { ByteAnswer, ByteRequest } from '../link/handlers.ts';
import { begunForViewers } from './background/begun-for-viewers.ts';
import { type LeaveGiver, Leaves } from './background/leaves.ts';
import { createNightShift } from './background/night-shift.ts';
import { Borrowing, type BorrowingOptions } from './borrowing/borrowing.ts';
import { createImages } from './images.ts';
import { createKeyframeIndex } from './keyframes/keyframes.ts';
import type { ReadingLimits } from './keyframes/packets.ts';
import { Lending, type LendingOptions } from './lending/lending.ts';
import { madeOf } from './made.ts';
import { openSegmentCache } from './segment-cache.ts';
import { Sessions } from './sessions.ts';
import { Disks } from './subtitles/disks.ts';
import { createFonts } from './subtitles/fonts.ts';
import { createSubtitles } from './subtitles/subtitles.ts';
import { TextFolder } from './subtitles/text-folder.ts';
import { createTracksAhead } from './subtitles/tracks-ahead.ts';
import { createTrickplay } from './trickplay/trickplay.ts';
import { createWayHealth } from './way-health.ts';

export interface PlaybackOptions {
  copies: CopyLookup;
  /** The films whose previews and subtitles are made at night, those first that matter most; absent makes none ahead. */
  newest?: () => readonly IndexedCopy[];
  /** Null without ffmpeg: files are played as they are, nothing else. */
  binaries: Binaries | null;
  capabilities: Pick<Capabilities, 'transcodeSlots' | 'videoEncoders'>;
  /** What the chips were found to do; absent is all that encoders of these names may do. */
  power?: EncodingPower;
  /** A folder that belongs to playback; what is in it may be deleted at any time. */
  cacheDir: string;
  cacheBytes: number;
  log: Logger;
  onEvent(event: AgentEvent): void;
  /** libx264's preset. */
  preset?: string;
  /** Milliseconds without a byte request after which a session ends. */
  leaseMs?: number;
  /** Milliseconds without a request after which a rendition's ffmpeg is killed. */
  idleMs?: number;
  /** What may be read of a file without an index while a viewer waits. */
  keyframeLimits?: ReadingLimits;
  /** How files of other machines are read; absent reads none. */
  borrowing?: BorrowingOptions;
  /** By what this machine knows who may read its files; absent is nobody. */
  lending?: Pick<LendingOptions, 'agentId' | 'key' | 'now'>;
  /** By whose leave it works in the background; absent is by its own rule. */
  leaveGiver?: LeaveGiver;
  /** The hour of the day, and how often it is looked whether there is work for nobody in particular, in milliseconds. */
  background?: { hour?: () => number; lookMs?: number };
  /** Milliseconds after which a chip that makes nothing while a viewer waits is taken for hung. */
  stallMs?: number;
}

export interface Playback extends AsyncDisposable {
  /** Admits a session or throws an AgentFailure; the same call again gets the same answer. */
  open(params: CallParams<'session.open'>, signal: AbortSignal): Promise<CallAnswer<'session.open'>>;
  /** Ends a session; an unknown one is fine. */
  close(params: CallParams<'session.close'>): void;
  /** Bytes of a session's file, segments and subtitles, or of a picture. Throws an AgentFailure. */
  bytes(request: ByteRequest, signal: AbortSignal): Promise<ByteAnswer>;
  /** Aborts when a generation of a session is over here; null where it is not open. */
  lifeOf(session: string, generation: number): AbortSignal | null;
  /** Bytes of a session move: its lease is renewed. */
  used(session: string): void;
  /** Takes nothing new, or viewers again; answers how many sessions are open. The edge hands them over. */
  drain(draining: boolean): { sessions: number };
  readonly draining: boolean;
  /** Ends what is open, so that other machines take over; what flows is finished. */
  endAll(): void;
  sessions(): OpenSession[];
  /** This machine's files for others of its site. */
  readonly lending: Lending;
  slots(): { used: number; total: number };
  /** What it does for nobody in particular, and by whose leave. */
  readonly leaves: Pick<Leaves, 'stop' | 'linked'>;
  /** Says again how busy the machine is. */
  tellLoad(): void;
  /** Processes of ffmpeg that are running for sessions. */
  processes(): number[];
}

/** A session lives this long without a byte request (the edge keeps the same lease). */
const LEASE_MS = 90_000;
/** A paused viewer keeps the session, and no encoder. */
const IDLE_MS = 20_000;
/** A disk that sleeps takes ten seconds to wake; the player has more than this in its buffer. */
const STALL_MS = 15_000;
/** Pictures and subtitles get this part of what segments get. */
const SMALL_SHARE = 8;
/** Whole tracks of subtitles get this part: text is small. */
const TRACKS_SHARE = 32;
/** At night only this much of what previews and tracks get is filled, so that what viewers ask for finds room. */
const NIGHT_FILL = 0.8;

const OWN_RULE: LeaveGiver = { ask: async () => 'own-rule', giveBack() {} };
const TO_NOBODY = { agentId: '', key: () => null, now: Date.now };

/** Everything that makes bytes for viewers on this machine. */
export function createPlayback(options: PlaybackOptions): Playback {
  const { binaries, copies, log } = options;
  const cache = openSegmentCache({ dir: join(options.cacheDir, 'segments'), maxBytes: options.cacheBytes, log });
  // On their own, or one film's segments would push out every poster.
  const smallBytes = Math.ceil(options.cacheBytes / SMALL_SHARE);
  const small = openSegmentCache({ dir: join(options.cacheDir, 'small'), maxBytes: smallBytes, log });
  // On their own as well: a night's work would push out every poster.
  const previews = openSegmentCache({ dir: join(options.cacheDir, 'previews'), maxBytes: smallBytes, log });
  const trackBytes = Math.ceil(options.cacheBytes / TRACKS_SHARE);
  const tracks = openSegmentCache({ dir: join(options.cacheDir, 'tracks'), maxBytes: trackBytes, log });
  const trickplay = createTrickplay({ ffmpeg: binaries?.ffmpeg ?? null, cache: previews });
  const limits = options.keyframeLimits ? { limits: options.keyframeLimits } : {};
  const keyframes = createKeyframeIndex({ binaries, dir: join(options.cacheDir, 'keyframes'), log, ...limits });
  const leaves = new Leaves(options.leaveGiver ?? OWN_RULE);
  const text = { ffmpeg: binaries?.ffmpeg ?? null, cache: tracks, disks: new Disks() };
  const { lookMs } = options.background ?? {};
  const subtitles = createSubtitles({
    ...text,
    forLater: (fingerprint, make) => {
      const watched = () => sessions.watches(fingerprint) || lending.sessions > 0;
      return begunForViewers(leaves, { kind: 'subtitles', fingerprint }, watched, make, lookMs);
    },
  });
  const fonts = createFonts({ binaries, cache: small });
  const borrowing = options.borrowing && new Borrowing(options.borrowing);
  const makers = { subtitles, trickplay, fonts };
  const painted = join(options.cacheDir, 'painted');
  // Those of a process that was killed.
  rmSync(painted, { recursive: true, force: true });
  const made: LendingOptions['made'] = (...what) => madeOf(makers, ...what);
  const lending = new Lending({ ...(options.lending ?? TO_NOBODY), copies, made, onRead: () => leaves.stepAside() });
  const sessions = new Sessions({
    ...(borrowing ? { borrowing } : {}),
    copies,
    binaries,
    keyframes,
    ...makers,
    cache,
    capabilities: options.capabilities,
    making: {
      power: options.power ?? powerOf(options.capabilities.videoEncoders),
      health: createWayHealth(),
      preset: options.preset ?? 'veryfast',
      textFolder: (film, track) =>
        new TextFolder(
          join(painted, randomUUID()),
          track,
          (resource, signal) => film.made(resource, signal) ?? madeOf(makers, film.copy, resource, signal),
        ),
    },
    leaseMs: options.leaseMs ?? LEASE_MS,
    idleMs: options.idleMs ?? IDLE_MS,
    stallMs: options.stallMs ?? STALL_MS,
    log,
    onEvent: options.onEvent,
  });
  const images = createImages({ ffmpeg: binaries?.ffmpeg ?? null, cache: small, copies });
  const room = ({ size }: { size: number }, bytes: number) => !sessions.draining && size < bytes * NIGHT_FILL;
  const ahead = createTracksAhead({ ...text, scratch: join(options.cacheDir, 'tracks-ahead') });
  const night = createNightShift({
    works: [
      { kind: 'previews', maker: trickplay, room: () => room(previews, smallBytes) },
      { kind: 'subtitles', maker: ahead, room: () => room(tracks, trackBytes) },
    ],
    films: () => (binaries ? (options.newest?.() ?? []) : []),
    // Who encodes elsewhere reads this disk too.
    viewers: () => sessions.list().length + lending.sessions,
    ...{ leaves, log, ...options.background },
  });
  return {
    open(params, signal) {
      const opened = sessions.open(params, signal);
      // What is made of the very film that is opened now is made for its viewer from here on.
      leaves.stepAside();
      return opened;
    },
    close(params) {
      sessions.close(params);
      lending.close(params.session, params.generation);
    },
    lending,
    async bytes({ resource, session, generation, range }, signal) {
      if (resource.kind === 'image') return images.bytes(resource.image, resource.width, signal);
      if (resource.kind === 'still') return images.still(resource, signal);
      return sessions.bytes({ session, generation, resource, range }, signal);
    },
    lifeOf: (session, generation) => sessions.lifeOf(session, generation),
    used: (session) => sessions.used(session),
    leaves,
    drain(draining) {
      if (draining) leaves.stepAside();
      sessions.drain(draining);
      return { sessions: sessions.list().length };
    },
    get draining() {
      return sessions.draining;
    },
    endAll: () => sessions.endAll(),
    sessions: () => sessions.list(),
    slots: () => sessions.slots(),
    tellLoad: () => sessions.tellLoad(),
    processes: () => sessions.processes(),
    async [Symbol.asyncDispose]() {
      await night[Symbol.asyncDispose]();
      await sessions[Symbol.asyncDispose]();
      await borrowing?.[Symbol.asyncDispose]();
      await Promise.all([images, subtitles, fonts, trickplay, keyframes].map((each) => each[Symbol.asyncDispose]()));
      await Promise.all([cache, small, previews, tracks].map((each) => each[Symbol.asyncDispose]()));
    },
  };
}
