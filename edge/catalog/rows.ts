import type { Artwork, Claim } from '../../shared/protocol/sync.ts';
import type { FileRow } from '../db/claims.ts';
import type { ItemRow } from '../db/derived-items.ts';
import { keysOf } from './keys.ts';
import { sortTitle } from './titles.ts';

/** A title as its item shows it and is sorted by it. */
interface Titled {
  title: string;
  sort: string;
  year: number | null;
}

/** `file.work`: what a claim says of its item and of the series above it. The newest shape is always written whole. */
interface WorkFacts extends Titled {
  series: Titled | null;
}

export type FileClaim = Exclude<Claim, { state: 'gone' }>;
type PresentClaim = Extract<Claim, { state: 'present' }>;

/** The row of `file` that a claim stands for. */
export function fileRow(claim: FileClaim): FileRow {
  const { root, pathHash, rev, path } = claim;
  if (claim.state === 'problem') {
    return {
      ...{ root, pathHash, rev, path, itemKey: null, size: 0, mtimeMs: 0, fingerprint: null },
      ...{ problem: claim.code, problemDetail: claim.detail, durationMs: null, work: null, images: null, media: null },
    };
  }
  return {
    ...{ root, pathHash, rev, path, size: claim.size, mtimeMs: claim.mtimeMs, fingerprint: claim.fingerprint },
    itemKey: keysOf(claim.work, claim.fingerprint).own,
    ...{ problem: null, problemDetail: null, durationMs: claim.media.durationMs },
    work: JSON.stringify(factsOf(claim)),
    images: JSON.stringify(claim.artwork),
    media: JSON.stringify(claim.media),
  };
}

/** The items that a claim makes where they are not there yet, the topmost first. */
export function itemRows(claim: PresentClaim, now: number): ItemRow[] {
  const { work, artwork, root } = claim;
  const keys = keysOf(work, claim.fingerprint);
  const facts = factsOf(claim);
  // A clock that was wrong must not keep a film on top of "recently added" for years.
  const addedAt = claim.mtimeMs > 0 ? Math.min(claim.mtimeMs, now) : now;
  const own = {
    ...{ key: keys.own, kind: work.kind, seasonKey: keys.season, seriesKey: keys.series, root, addedAt },
    ...{ title: facts.title, sort: facts.sort, year: facts.year, durationMs: claim.media.durationMs },
    images: pictures(artwork.poster, artwork.backdrop, artwork.thumb),
  };
  if (work.kind !== 'episode' || !facts.series) return [{ ...own, season: null, idx: null }];
  const above = { root, addedAt, durationMs: null, idx: null, seasonKey: null };
  return [
    {
      ...{ ...above, key: keys.series as string, kind: 'series', seriesKey: null, season: null },
      ...{ title: facts.series.title, sort: facts.series.sort, year: facts.series.year },
      images: pictures(artwork.seriesPoster, artwork.seriesBackdrop, artwork.thumb),
    },
    {
      ...{ ...above, key: keys.season as string, kind: 'season', seriesKey: keys.series, season: work.season },
      ...{ title: seasonTitle(work.season), sort: '', year: null },
      images: pictures(artwork.seasonPoster, undefined, undefined),
    },
    { ...own, season: work.season, idx: work.episode },
  ];
}

/** Every picture that a claim announces. */
export function imageIds(artwork: Artwork): string[] {
  return [...new Set(Object.values(artwork).filter((id) => id !== undefined))];
}

/** The same text that SQLite's json_object makes of the same pictures: an unchanged item must compare equal. */
function pictures(poster?: string, backdrop?: string, thumb?: string): string {
  return JSON.stringify({ poster: poster ?? null, backdrop: backdrop ?? null, thumb: thumb ?? null });
}

function factsOf({ work }: PresentClaim): WorkFacts {
  if (work.kind !== 'episode') return { ...titled(work.title, work.year), series: null };
  const title = work.title ?? untitledEpisode(work.episode);
  return { ...titled(title, null), series: titled(work.series, work.year) };
}

function titled(title: string, year: number | null): Titled {
  return { title, sort: sortTitle(title), year };
}

/** An episode whose name has no title; not searchable, since every series has one. */
function untitledEpisode(episode: number): string {
  return `Episode ${episode}`;
}

function seasonTitle(season: number): string {
  return season === 0 ? 'Specials' : `Season ${season}`;
}
