import { z } from 'zod';
import { FacetRef, ItemCard } from './items.ts';
import { page } from './paging.ts';

export const FacetEntry = FacetRef.extend({
  kind: z.enum(['genre', 'tag', 'studio', 'collection', 'person', 'resolution', 'codec', 'hdr', 'language', 'site']),
  /** Titles that have it; null for people who may not see all of them. */
  items: z.number().int().nonnegative().nullable(),
});
export type FacetEntry = z.infer<typeof FacetEntry>;
export const FacetPage = page(FacetEntry);

/** `GET /api/v1/people/{id}`; the titles are `GET /api/v1/items?person={id}`. */
export const Person = FacetEntry.extend({ episodes: z.array(ItemCard) });
export type Person = z.infer<typeof Person>;

/** What is hidden from a person, beside libraries and ages. */
export const HiddenFacets = z.object({ items: z.array(FacetEntry.omit({ items: true })) });
export const HideRequest = z.object({ ids: z.array(z.string().regex(/^\d{1,15}$/)).max(500) });

/** `GET /api/v1/traits`: what files give titles, as filters take it. */
export const Traits = z.object({
  codecs: z.array(z.string()),
  languages: z.array(z.string()),
  sites: z.array(FacetRef),
});
export type Traits = z.infer<typeof Traits>;

export const MergeRequest = z.object({ into: z.string().regex(/^\d{1,15}$/) });
export const HistoryEntry = z.object({ at: z.number().int(), item: ItemCard });
export const HistoryPage = page(HistoryEntry);

export const PlaylistName = z.string().trim().min(1).max(100);
export const Playlist = z.object({ id: z.string(), name: z.string(), updatedAt: z.number().int() });
export type Playlist = z.infer<typeof Playlist>;
export const Playlists = z.object({ items: z.array(Playlist) });
export const CreatePlaylist = z.object({ name: PlaylistName });
/** The items as they are to stand. Those that the person does not see stay where they are, at the end. */
export const PlaylistRequest = z.object({
  name: PlaylistName.optional(),
  items: z
    .array(z.string().regex(/^\d{1,15}$/))
    .max(1000)
    .optional(),
});

export const TopQuery = z.object({
  by: z.enum(['plays', 'time']).default('plays'),
  /** `everyone` is for owners and admins. */
  of: z.enum(['me', 'everyone']).default('me'),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});
export type TopQuery = z.infer<typeof TopQuery>;
const Counted = { plays: z.number().int(), watchedMs: z.number().int() };
export const TopItems = z.object({ items: z.array(z.object({ item: ItemCard, ...Counted })) });
export const TopFacets = z.object({ items: z.array(z.object({ id: z.string(), name: z.string(), ...Counted })) });
export const SummaryQuery = z.object({ of: z.enum(['me', 'everyone']).default('me') });
/** `GET /api/v1/stats/summary`: all plays, those of the last 30 days, and how much there is to see. */
export const StatsSummary = z.object({
  all: z.object(Counted),
  last30Days: z.object(Counted),
  /** Days with a play. */
  days: z.number().int(),
  /** Titles that the person can see; null where that is not known without counting. */
  titles: z.number().int().nullable(),
});
export type StatsSummary = z.infer<typeof StatsSummary>;
export const ActivityQuery = z.object({
  of: z.enum(['me', 'everyone']).default('me'),
  days: z.coerce.number().int().min(1).max(366).default(30),
});
export type ActivityQuery = z.infer<typeof ActivityQuery>;
/** Days in UTC, as ISO dates; those without a play are left out. */
export const Activity = z.object({ days: z.array(z.object({ date: z.string(), ...Counted })) });
