import { z } from 'zod';
import { MediaInfo } from '../media/media-info.ts';
import { PageQuery, page } from './paging.ts';

export const ITEM_KINDS = ['movie', 'series', 'season', 'episode', 'video'] as const;
export const ItemKind = z.enum(ITEM_KINDS);
export type ItemKind = z.infer<typeof ItemKind>;

/** What a person did with an item. */
export const UserData = z.object({
  positionMs: z.number().int().nonnegative(),
  played: z.boolean(),
  favorite: z.boolean(),
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

export const ItemDetail = ItemCard.extend({
  overview: z.string().nullable(),
  addedAt: z.number().int(),
  library: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Of a season or an episode: its season's id. */
  seasonId: z.string().nullable(),
  /** Empty for series and seasons. */
  copies: z.array(ItemCopy),
  /** For a series: what to play next. For an episode: the one after it. */
  next: ItemCard.nullable(),
});
export type ItemDetail = z.infer<typeof ItemDetail>;

export const ItemPage = page(ItemCard);

export const SORTS = ['added', 'title', 'year'] as const;
export const ItemsQuery = PageQuery.extend({
  sort: z.enum(SORTS).default('added'),
  dir: z.enum(['asc', 'desc']).optional(),
});
export type ItemsQuery = z.infer<typeof ItemsQuery>;

export const SearchQuery = PageQuery.extend({ q: z.string().trim().min(1).max(200) });

/** `GET /api/v1/home`. */
export const Home = z.object({
  continueWatching: z.array(ItemCard),
  nextUp: z.array(ItemCard),
  recent: z.array(z.object({ library: z.object({ id: z.string(), name: z.string() }), items: z.array(ItemCard) })),
});
export type Home = z.infer<typeof Home>;

export const PlayedRequest = z.object({ played: z.boolean() });
export const FavoriteRequest = z.object({ favorite: z.boolean() });
