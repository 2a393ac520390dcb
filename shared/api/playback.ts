import { z } from 'zod';
import { DeviceProfile } from '../media/device-profile.ts';
import { Plan } from '../media/plan.ts';
import { DirectAddress } from '../protocol/direct.ts';
import { SessionId } from '../protocol/names.ts';

/** `POST /api/v1/items/{id}/play`. */
export const PlayRequest = z.object({
  profile: DeviceProfile,
  /** One copy of several; absent lets the server choose. */
  copyId: z.string().optional(),
  /** Index of the audio stream to begin with; absent is the default one. */
  audioStream: z.number().int().nonnegative().optional(),
  /**
   * Index of subtitles that the client does not draw (`plan.burnable`), to be painted into the film; of one copy. Null is none;
   * absent are the forced ones in the language of the sound (`plan.video[].burnIn` says which).
   */
  subtitleStream: z.number().int().nonnegative().nullable().optional(),
  /** Language of the text that the viewer shows where the file has it: then no forced pictures are painted beside it. */
  subtitleLanguage: z.string().max(35).optional(),
  /** What the viewer allows at most, bits per second. */
  maxBitrate: z.number().int().positive().optional(),
  /** Where the viewer is going to begin; absent is where this user stopped. */
  startMs: z.number().int().nonnegative().optional(),
  /**
   * A session of the same person that ends for this one, which goes on where that one is, unless `startMs` says
   * otherwise: a film that moves to another device.
   */
  replaces: SessionId.optional(),
});
export type PlayRequest = z.infer<typeof PlayRequest>;

/** How a player may fetch a session's bytes from its machine itself, past the server. */
export const DirectWay = z.object({
  agentId: z.string(),
  /** Ed25519 of the machine, base64url: what it signs at `probe` proves who answers. */
  publicKey: z.string(),
  /** To be tried all at once; the first that proves itself is the nearest. */
  addresses: z.array(DirectAddress),
  /** Path at any of the addresses: `{probe}/identity?nonce=…`. It opens nothing. */
  probe: z.string(),
  /** Instead of `/stream/{ticket}`, for everything below it but playlists. Good for this machine alone. */
  media: z.string(),
});
export type DirectWay = z.infer<typeof DirectWay>;

/** `POST /api/v1/sessions/{id}/direct`: the direct way to the machine that serves the session now. */
export const DirectAnswer = z.object({ direct: DirectWay.nullable() });

export const PlayAnswer = z.object({
  sessionId: z.string(),
  copyId: z.string(),
  plan: Plan,
  /**
   * `file` takes ranges, and with `?download` comes under its title's name; `hls` is a master playlist. Relative to the
   * origin, with the ticket inside.
   */
  delivery: z.enum(['file', 'hls']),
  url: z.string(),
  /** MIME type of what `url` answers. */
  contentType: z.string(),
  /** Text tracks as whole WebVTT files, parallel to `plan.subtitles`. */
  subtitleUrls: z.array(z.string()),
  /** WebVTT of `#xywh` parts of sheets beside it, for the seek bar; null for sound alone. */
  trickplayUrl: z.string().nullable().optional(),
  /** Null where its machine is reached by the server only. */
  direct: DirectWay.nullable().optional(),
  durationMs: z.number().int().nonnegative(),
  /** Where this user stopped; 0 is the start. */
  resumeMs: z.number().int().nonnegative(),
  /** Milliseconds since 1970; after this the ticket must be renewed by playing again. */
  expiresAt: z.number().int(),
});
export type PlayAnswer = z.infer<typeof PlayAnswer>;

/** `POST /api/v1/items/{id}/download`. */
export const DownloadRequest = z.object({
  /** One copy of several; absent lets the server choose. */
  copyId: z.string().optional(),
  /** What it is kept on, for those who look after the server. */
  device: z.string().max(100).default('unknown device'),
});
export type DownloadRequest = z.infer<typeof DownloadRequest>;

export const DownloadAnswer = z.object({
  sessionId: z.string(),
  copyId: z.string(),
  /** The file as it is, under its title's name; takes ranges. Relative to the origin, with the ticket inside. */
  url: z.string(),
  contentType: z.string(),
  /** Milliseconds since 1970; a download that is not done by then is asked for again, and goes on where it is. */
  expiresAt: z.number().int(),
});
export type DownloadAnswer = z.infer<typeof DownloadAnswer>;

/** `POST /api/v1/sessions/{id}/progress`: what the player shows now; never what keeps the session alive. */
export const ProgressRequest = z.object({
  positionMs: z.number().int().nonnegative(),
  state: z.enum(['playing', 'paused', 'buffering']),
  /** How much is fetched ahead, in ms, and bits a second of the rendition that is shown; for admins. */
  bufferedMs: z.number().int().nonnegative().optional(),
  bitrate: z.number().int().nonnegative().optional(),
});
export type ProgressRequest = z.infer<typeof ProgressRequest>;

/** `POST /api/v1/sessions/{id}/stop`. */
export const StopRequest = z.object({ positionMs: z.number().int().nonnegative() });

/** `POST /api/v1/sessions/{id}/end`, for admins: ends somebody's session with a word to them. */
export const EndSession = z.object({ message: z.string().trim().max(200).default('') });

/** What put a machine before the next one: the first criterion that told them apart, or that nothing did. */
export const PLACED_BECAUSE = [
  'only-one',
  'online',
  'mode',
  'free-slot',
  'same-network',
  'uplink',
  'hardware',
  'own-file',
  'picture',
  'load',
  'first',
] as const;
export type PlacedBecause = (typeof PLACED_BECAUSE)[number];

/** `GET /api/v1/sessions`, for admins. */
export const ActiveSession = z.object({
  id: z.string(),
  user: z.string(),
  itemId: z.string(),
  title: z.string(),
  agent: z.string(),
  /** Whose file that machine reads, where it does not have one itself. */
  readsFrom: z.string().nullable().optional(),
  mode: Plan.shape.mode,
  /** Nobody watches: the file is being kept. */
  keeps: z.boolean().default(false),
  reasons: Plan.shape.reasons,
  /** Bits a second that the viewer gets at most; null where that is not known. */
  bitrate: z.number().int().nullable(),
  /** What the player told last, at most half a minute ago; null before it did. */
  shown: z
    .object({
      state: z.enum(['playing', 'paused', 'buffering']),
      bufferedMs: z.number().int().nullable(),
      bitrate: z.number().int().nullable(),
    })
    .nullable(),
  /** What it is watched on, and whether that is away from the machine's own network, as far as is known. */
  device: z.string(),
  remote: z.boolean(),
  /** Whether its bytes come past the server now, and by which address of the machine, where that is known. */
  direct: z.object({ address: z.string().nullable() }).nullable(),
  /** Why this machine. */
  because: z.enum(PLACED_BECAUSE),
  /** `resting`: paused, no machine works for it. `lost` and `moving`: its machine is away. */
  state: z.enum(['opening', 'playing', 'resting', 'lost', 'moving', 'ended']),
  /** Sessions that the machine serves now, and its slots for converting. */
  load: z.object({ sessions: z.number().int(), slotsUsed: z.number().int(), slotsTotal: z.number().int() }),
  /** How often another machine took over. */
  moves: z.number().int().nonnegative(),
  positionMs: z.number().int().nonnegative(),
  startedAt: z.number().int(),
});
export type ActiveSession = z.infer<typeof ActiveSession>;
export const ActiveSessions = z.object({ items: z.array(ActiveSession) });

/** `GET /api/v1/users/me/playing`: what one watches now, on any device, and could go on with on this one. */
export const OwnSession = z.object({
  id: z.string(),
  itemId: z.string(),
  title: z.string(),
  device: z.string(),
  state: z.enum(['playing', 'paused', 'buffering']),
  /** Where it is at this moment. */
  positionMs: z.number().int().nonnegative(),
  durationMs: z.number().int().nonnegative(),
});
export type OwnSession = z.infer<typeof OwnSession>;
export const OwnSessions = z.object({ items: z.array(OwnSession) });
