import { z } from 'zod';
import { MediaInfo } from '../media/media-info.ts';
import { Fingerprint, ImageId, PathHash, RootId } from './names.ts';

/** Most claims in one batch; the agent adapts below it by `tookMs` of the answers. */
export const MAX_BATCH_CLAIMS = 500;

/** What the agent read from names, tags and neighbours of one file. */
export const Work = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('movie'), title: z.string().min(1).max(500), year: z.number().int().nullable() }),
  z.object({
    kind: z.literal('episode'),
    series: z.string().min(1).max(500),
    year: z.number().int().nullable(),
    season: z.number().int().nonnegative(),
    episode: z.number().int().nonnegative(),
    /** Of the episode; null where the name has none. */
    title: z.string().min(1).max(500).nullable(),
  }),
  /** A home video, or whatever names do not tell. */
  z.object({ kind: z.literal('video'), title: z.string().min(1).max(500), year: z.number().int().nullable() }),
]);
export type Work = z.infer<typeof Work>;

/** Local pictures by role; those of a series or season come with each of its episodes. */
export const Artwork = z.object({
  poster: ImageId.optional(),
  backdrop: ImageId.optional(),
  /** A frame of the video, made when it is first asked for. */
  thumb: ImageId.optional(),
  seriesPoster: ImageId.optional(),
  seriesBackdrop: ImageId.optional(),
  seasonPoster: ImageId.optional(),
});
export type Artwork = z.infer<typeof Artwork>;

const Keyed = { root: RootId, pathHash: PathHash, rev: z.number().int().positive() };

/** What an agent says of one of its files; the newest revision of a key holds. */
export const Claim = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('present'),
    ...Keyed,
    /** The path below its root, for owners' eyes: shown in problems and to admins. */
    path: z.string().max(4096),
    size: z.number().int().nonnegative(),
    /** Milliseconds since 1970; what "recently added" sorts by when the file is new. */
    mtimeMs: z.number().int(),
    fingerprint: Fingerprint,
    work: Work,
    media: MediaInfo,
    artwork: Artwork,
  }),
  /** A media file by its name that cannot be one. */
  z.object({
    state: z.literal('problem'),
    ...Keyed,
    path: z.string().max(4096),
    code: z.enum([
      'empty',
      'not-media',
      'truncated',
      'unreadable',
      'vanished',
      'name-too-odd',
      'probe-timeout',
      'too-many-streams',
    ]),
    detail: z.string().max(500),
  }),
  z.object({ state: z.literal('gone'), ...Keyed }),
]);
export type Claim = z.infer<typeof Claim>;

/**
 * `POST /agent/v1/sync`: claims of revisions in (fromRevision, toRevision], in order, at most one a key.
 * Applied as one transaction that fails whole unless it continues the cursor (`cursor-mismatch` carries the
 * true one). An epoch is one life of the agent's index: a new one starts again from revision 0, and an epoch
 * that was left never returns. An agent therefore begins a new epoch when its own revision lies behind the
 * edge's cursor (its index was restored from a copy), or when its batch from revision 0 is refused and the
 * cursor that comes back is of another epoch.
 */
export const SyncBatch = z.object({
  epoch: z.string().regex(/^[A-Za-z0-9_-]{8,32}$/),
  fromRevision: z.number().int().nonnegative(),
  toRevision: z.number().int().nonnegative(),
  claims: z.array(Claim).max(MAX_BATCH_CLAIMS),
  /**
   * The epoch has now claimed every file that there is: what older epochs claimed and this one did not is gone.
   * Said with the last batch that the index has at the time; saying it again is fine.
   */
  complete: z.boolean().default(false),
});
export type SyncBatch = z.infer<typeof SyncBatch>;

/** The answer, also inside the 409 (`cursor` member of the problem document). */
export const SyncCursor = z.object({ epoch: z.string().nullable(), revision: z.number().int().nonnegative() });
export type SyncCursor = z.infer<typeof SyncCursor>;

export const SyncAnswer = z.object({ cursor: SyncCursor, tookMs: z.number().nonnegative() });
export type SyncAnswer = z.infer<typeof SyncAnswer>;
