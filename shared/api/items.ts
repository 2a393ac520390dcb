import { z } from 'zod';
import { MediaInfo } from '../media/media-info.ts';
import { ExtraKind } from '../protocol/sync.ts';
import { PageQuery, page } from './paging.ts';

export const ITEM_KINDS = ['movie', 'series', 'season', 'episode', 'video'] as const;
export const ItemKind = z.enum(ITEM_KINDS);
export type ItemKind = z.infer<typeof ItemKind>;

/** What a person did with an item. */
export const UserData = z.object({
  positionMs: z.number().int().nonnegative(),
  played: z.boolean(),
  favorite: z.boolean(),
  /** In ten steps. */
  rating: z.number().int().min(1).max(10).nullable().optional(),
});
export type UserData = z.infer<typeof UserData>;

/** Picture addresses, relative to the origin; `?w=` takes 200, 400, 800 or 1600. */
export const Images = z.object({
  poster: z.string().nullable(),
  backdrop: z.string().nullable(),
  thumb: z.string().nullable(),
});

export const ItemCard = z.object({
  id: z.string(),
  kind: ItemKind,
  title: z.string(),
  year: z.number().int().nullable(),
  /** Of a season: its number. Of an episode: its season's. */
  season: z.number().int().nullable(),
  episode: z.number().int().nullable(),
  /** Of a season or an episode: its series. */
  series: z.object({ id: z.string(), title: z.string() }).nullable(),
  durationMs: z.number().int().nonnegative().nullable(),
  /** Of a series or a season: how many episodes lie below it. */
  episodes: z.number().int().nonnegative().nullable(),
  /** 0 to 10, as its sidecar file has it. */
  rating: z.number().min(0).max(10).nullable().optional(),
  images: Images,
  user: UserData,
});
export type ItemCard = z.infer<typeof ItemCard>;

export const ItemCopy = z.object({
  id: z.string(),
  site: z.object({ id: z.string(), name: z.string() }),
  agent: z.object({ id: z.string(), name: z.string(), online: z.boolean() }),
  size: z.number().int().nonnegative(),
  media: MediaInfo,
});
export type ItemCopy = z.infer<typeof ItemCopy>;

/** A genre, tag, studio, person or collection. */
export const FacetRef = z.object({ id: z.string(), name: z.string() });
export type FacetRef = z.infer<typeof FacetRef>;

export const Credit = FacetRef.extend({ roles: z.array(z.string()), character: z.string().nullable() });
export type Credit = z.infer<typeof Credit>;

export const ItemDetail = ItemCard.extend({
  overview: z.string().nullable(),
  originalTitle: z.string().nullable(),
  tagline: z.string().nullable(),
  /** ISO date. */
  premieredAt: z.string().nullable(),
  certification: z.string().nullable(),
  /** By catalogue: imdb, tmdb, tvdb. */
  externalIds: z.record(z.string(), z.string()),
  genres: z.array(FacetRef),
  tags: z.array(FacetRef),
  studios: z.array(FacetRef),
  collections: z.array(FacetRef),
  people: z.array(Credit),
  addedAt: z.number().int(),
  library: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Of a season or an episode: its season's id. */
  seasonId: z.string().nullable(),
  /** Empty for series and seasons. */
  copies: z.array(ItemCopy),
  /** For a series: what to play next. For an episode: the one after it. */
  next: ItemCard.nullable(),
  /** The title as a drawing with nothing behind it, where there is one: an address as those of the pictures. */
  logo: z.string().nullable(),
  /** What comes along with it and is played like any item: trailers, deleted scenes, interviews. */
  extras: z.array(ItemCard.extend({ extra: ExtraKind })),
});
export type ItemDetail = z.infer<typeof ItemDetail>;

export const ItemPage = page(ItemCard);

export const SORTS = ['added', 'title', 'year', 'rating', 'runtime', 'played', 'random'] as const;

/** Ids of facets, all of which a title must have. */
const FacetIds = z
  .string()
  .regex(/^\d{1,15}(,\d{1,15}){0,4}$/)
  .optional();
const Trait = z
  .string()
  .regex(/^[\p{L}\p{N} ._-]{1,40}$/u)
  .optional();
const Year = z.coerce.number().int().min(0).max(9999).optional();
const Rating = z.coerce.number().min(0).max(10).optional();

/** What narrows a list down; all of it holds at once. */
export const ItemFilters = z.object({
  genre: FacetIds,
  tag: FacetIds,
  person: FacetIds,
  studio: FacetIds,
  collection: FacetIds,
  /** `2160p`, `1440p`, `1080p`, `720p` or `sd`. */
  resolution: Trait,
  /** ffmpeg's name of the video codec. */
  codec: Trait,
  /** `sdr`, `hdr10`, `hlg` or `dolby-vision`. */
  hdr: Trait,
  /** Of the sound. */
  language: Trait,
  /** A site's id. */
  site: Trait,
  kind: z.enum(['movie', 'series', 'video']).optional(),
  yearFrom: Year,
  yearTo: Year,
  ratingFrom: Rating,
  ratingTo: Rating,
  watched: z.enum(['yes', 'no', 'begun']).optional(),
  favorite: z.enum(['yes']).optional(),
});
export type ItemFilters = z.infer<typeof ItemFilters>;

export const ItemsQuery = PageQuery.extend(ItemFilters.shape).extend({
  /** `played` lists only what the person has played. */
  sort: z.enum(SORTS).default('added'),
  dir: z.enum(['asc', 'desc']).optional(),
  /** Which of the random orders. */
  seed: z.coerce.number().int().min(0).max(2_147_483_647).default(1),
});
export type ItemsQuery = z.infer<typeof ItemsQuery>;

export const SearchQuery = PageQuery.extend({ q: z.string().trim().min(1).max(200) });

/** `GET /api/v1/search`: titles, and on the first page what they have in common. */
export const SearchAnswer = ItemPage.extend({ facets: z.array(FacetRef.extend({ kind: z.string() })) });
export type SearchAnswer = z.infer<typeof SearchAnswer>;

/** `GET /api/v1/home`. */
export const Home = z.object({
  continueWatching: z.array(ItemCard),
  nextUp: z.array(ItemCard),
  favorites: z.array(ItemCard),
  recent: z.array(z.object({ library: z.object({ id: z.string(), name: z.string() }), items: z.array(ItemCard) })),
});
export type Home = z.infer<typeof Home>;

/** `GET /api/v1/items/{id}/chapters/{n}`: a chapter's picture, `n` its place among the copy's chapters. */
export const ChapterQuery = z.object({ w: z.enum(['200', '400', '800', '1600']).default('400') });

export const RatingRequest = z.object({ rating: z.number().int().min(1).max(10).nullable() });
export const PlayedRequest = z.object({ played: z.boolean() });
export const FavoriteRequest = z.object({ favorite: z.boolean() });
