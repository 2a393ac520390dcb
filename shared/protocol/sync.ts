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

export const ExtraKind = z.enum([
  'trailer',
  'behindthescenes',
  'deleted',
  'featurette',
  'interview',
  'scene',
  'short',
  'clip',
  'other',
]);
export type ExtraKind = z.infer<typeof ExtraKind>;

/** What comes along with a title: the claim's work is then the title's, of an episode its series'. */
export const Extra = z.object({
  kind: ExtraKind,
  /** Null where its name says no more than its kind. */
  title: z.string().min(1).max(500).nullable(),
});
export type Extra = z.infer<typeof Extra>;

/** Local pictures by role; those of a series or season come with each of its episodes. */
export const Artwork = z.object({
  poster: ImageId.optional(),
  backdrop: ImageId.optional(),
  /** A frame of the video, made when it is first asked for. */
  thumb: ImageId.optional(),
  seriesPoster: ImageId.optional(),
  seriesBackdrop: ImageId.optional(),
  seasonPoster: ImageId.optional(),
  /** The title as a drawing with nothing behind it. */
  logo: ImageId.optional(),
  seriesLogo: ImageId.optional(),
});
export type Artwork = z.infer<typeof Artwork>;

/** Catalogues whose ids an agent may know a title by. */
export const ExternalSource = z.enum(['imdb', 'tmdb', 'tvdb']);
export type ExternalSource = z.infer<typeof ExternalSource>;

export const PersonRole = z.enum(['actor', 'director', 'writer', 'producer', 'guest']);
export type PersonRole = z.infer<typeof PersonRole>;

/** A name of a genre, tag, studio, person or collection: not empty once it is trimmed. */
const FacetName = z.string().trim().min(1).max(200);

const IsoDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);

/**
 * What sidecar files and embedded tags say of a title. Everything is optional, and what is left out is not known;
 * lists are in the order of their source. Names keep the spelling of their source.
 */
export const Metadata = z.object({
  externalIds: z.partialRecord(ExternalSource, z.string().regex(/^[A-Za-z0-9_-]{1,40}$/)).optional(),
  originalTitle: z.string().trim().min(1).max(500).optional(),
  /** As the source wants it sorted, before the catalog folds it. */
  sortTitle: z.string().trim().min(1).max(500).optional(),
  overview: z.string().max(4000).optional(),
  tagline: z.string().max(500).optional(),
  premieredAt: IsoDate.optional(),
  /** Minutes, as printed; the length of the file itself is in `media`. */
  runtimeMin: z.number().int().positive().max(6000).optional(),
  genres: z.array(FacetName).max(30).optional(),
  tags: z.array(FacetName).max(100).optional(),
  studios: z.array(FacetName).max(20).optional(),
  people: z
    .array(z.object({ name: FacetName, role: PersonRole, character: z.string().max(200).optional() }))
    .max(100)
    .optional(),
  /** 0 to 10. */
  rating: z.number().min(0).max(10).optional(),
  /** As printed, with or without its country: `PG-13`, `DE:FSK 16`, `TV-MA`. */
  certification: z.string().trim().min(1).max(30).optional(),
  collections: z.array(FacetName).max(10).optional(),
  /** When it came to the collection, where a sidecar file says so: better than the file's time. */
  dateAdded: IsoDate.optional(),
});
export type Metadata = z.infer<typeof Metadata>;

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
    extra: Extra.optional(),
    /** Of the movie, video or episode itself. */
    metadata: Metadata.optional(),
    /** Of the series and the season of an episode: each of its claims carries them, the first live one holds. */
    seriesMetadata: Metadata.optional(),
    seasonMetadata: Metadata.optional(),
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
      /** An NFO file that cannot be read; the film beside it is there all the same. */
      'bad-sidecar',
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
