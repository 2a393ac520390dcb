import type { Artwork, Claim, ExtraKind } from '../../shared/protocol/sync.ts';
import type { FileRow } from '../db/claims.ts';
import type { ItemRow } from '../db/derived-items.ts';
import { type Description, describe } from './descriptions.ts';
import { type FacetRow, traitsOf } from './facets.ts';
import { keyOfExtra, keysOfEpisode, type TopName, topNameOf, type WorkKeys } from './keys.ts';
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
  /** What the title in the grid is called here, by which merged items come apart again. */
  names: readonly string[];
  described: string | null;
  seriesDescribed: string | null;
  seasonDescribed: string | null;
  traits: readonly string[];
}

type PresentClaim = Extract<Claim, { state: 'present' }>;

/** A claim with all that is worked out of it before the database is asked. */
export interface ReadClaim {
  claim: PresentClaim;
  name: TopName;
  own: Description | null;
  series: Description | null;
  season: Description | null;
  traits: readonly FacetRow[];
}

export async function readClaim(claim: PresentClaim, siteId: number): Promise<ReadClaim> {
  const [own, series, season] = await Promise.all([
    describe(claim.metadata),
    describe(claim.seriesMetadata),
    describe(claim.seasonMetadata),
  ]);
  return { claim, name: topNameOf(claim), own, series, season, traits: traitsOf(claim.media, siteId) };
}

/** The row of `file` that a claim stands for; `topKey` is of the item that it was found to be of. */
export function fileRow(read: ReadClaim, topKey: string): FileRow {
  const { claim } = read;
  const { root, pathHash, rev, path } = claim;
  return {
    ...{ root, pathHash, rev, path, size: claim.size, mtimeMs: claim.mtimeMs, fingerprint: claim.fingerprint },
    itemKey: itemKeys(read, topKey).own,
    ...{ problem: null, problemDetail: null, durationMs: claim.media.durationMs },
    work: JSON.stringify(factsOf(read)),
    images: JSON.stringify(claim.artwork),
    media: JSON.stringify(claim.media),
  };
}

/** The row of a file that cannot be shown. */
export function problemRow(claim: Extract<Claim, { state: 'problem' }>): FileRow {
  const { root, pathHash, rev, path } = claim;
  return {
    ...{ root, pathHash, rev, path, itemKey: null, size: 0, mtimeMs: 0, fingerprint: null },
    ...{ problem: claim.code, problemDetail: claim.detail, durationMs: null, work: null, images: null, media: null },
  };
}

/** The items that a claim makes where they are not there yet, the topmost first. */
export function itemRows(read: ReadClaim, topKey: string, now: number): ItemRow[] {
  const { work, artwork, root } = read.claim;
  const keys = itemKeys(read, topKey);
  const facts = factsOf(read);
  const addedAt = addedAtOf(read.claim, now);
  const traits = JSON.stringify(facts.traits);
  if (read.claim.extra) return [...rowsAbove(read, topKey, now), extraRow(read, topKey, facts, addedAt)];
  const own = {
    ...{ key: keys.own, kind: work.kind, seasonKey: keys.season, seriesKey: keys.series, root, addedAt },
    ...{ title: facts.title, year: facts.year, durationMs: read.claim.media.durationMs, traits },
    ...judged(read.own, facts.sort),
    images: pictures(artwork.poster, artwork.backdrop, artwork.thumb),
  };
  if (work.kind !== 'episode' || !facts.series) return [{ ...own, season: null, idx: null }];
  const above = { root, addedAt, durationMs: null, idx: null, seasonKey: null };
  return [
    {
      ...{ ...above, key: keys.series as string, kind: 'series', seriesKey: null, season: null, traits },
      ...{ title: facts.series.title, year: facts.series.year, ...judged(read.series, facts.series.sort) },
      images: pictures(artwork.seriesPoster, artwork.seriesBackdrop, artwork.thumb),
    },
    {
      ...{ ...above, key: keys.season as string, kind: 'season', seriesKey: keys.series, season: work.season },
      ...{ title: seasonTitle(work.season), year: null, traits: null, ...judged(read.season, '') },
      images: pictures(artwork.seasonPoster, undefined, undefined),
    },
    { ...own, season: work.season, idx: work.episode },
  ];
}

/**
 * The title that an extra belongs to, where it is not there yet: without a file of its own it stays hidden. A season
 * or an episode is not made for it.
 */
function rowsAbove(read: ReadClaim, topKey: string, now: number): ItemRow[] {
  const { extra: _, ...claim } = read.claim;
  return itemRows({ ...read, claim, traits: [] }, topKey, now).filter((row) => row.seriesKey === null);
}

function extraRow({ claim }: ReadClaim, topKey: string, facts: WorkFacts, addedAt: number): ItemRow {
  return {
    ...{ key: keyOfExtra(topKey, claim.fingerprint), kind: 'video', seasonKey: null, seriesKey: topKey },
    ...{ season: null, idx: null, root: claim.root, addedAt, title: facts.title, year: null, sort: facts.sort },
    ...{ durationMs: claim.media.durationMs, rating: null, age: null, described: null, traits: '[]' },
    images: pictures(undefined, undefined, claim.artwork.thumb),
    extra: claim.extra?.kind ?? null,
  };
}

/** Every picture that a claim announces. */
export function imageIds(artwork: Artwork): string[] {
  return [...new Set(Object.values(artwork).filter((id) => id !== undefined))];
}

function itemKeys({ claim }: ReadClaim, topKey: string): WorkKeys {
  const { work, extra } = claim;
  if (extra) return { own: keyOfExtra(topKey, claim.fingerprint), season: null, series: null };
  if (work.kind === 'episode') return keysOfEpisode(topKey, work.season, work.episode);
  return { own: topKey, season: null, series: null };
}

function judged(description: Description | null, sort: string) {
  return {
    sort: description?.sortTitle ?? sort,
    rating: description?.rating ?? null,
    age: description?.age ?? null,
    described: description?.hash ?? null,
  };
}

/** A clock that was wrong must not keep a film on top of "recently added" for years. */
function addedAtOf({ mtimeMs, metadata }: PresentClaim, now: number): number {
  const said = metadata?.dateAdded === undefined ? Number.NaN : Date.parse(metadata.dateAdded);
  if (said > 0) return Math.min(said, now);
  return mtimeMs > 0 ? Math.min(mtimeMs, now) : now;
}

/** The same text that SQLite's json_object makes of the same pictures: an unchanged item must compare equal. */
function pictures(poster?: string, backdrop?: string, thumb?: string): string {
  return JSON.stringify({ poster: poster ?? null, backdrop: backdrop ?? null, thumb: thumb ?? null });
}

/** Of an extra nothing but its name: what is said of its title is the title's. */
const NOTHING_MORE = { names: [], described: null, seriesDescribed: null, seasonDescribed: null, traits: [] };

function factsOf({ claim, name, own, series, season, traits }: ReadClaim): WorkFacts {
  const { work, extra } = claim;
  if (extra) return { ...titled(extra.title ?? EXTRA_TITLES[extra.kind], null), series: null, ...NOTHING_MORE };
  const more = {
    names: [name.key, ...name.ids],
    ...{ described: own?.hash ?? null, seriesDescribed: series?.hash ?? null, seasonDescribed: season?.hash ?? null },
    traits: traits.map((trait) => trait.key).sort(),
  };
  if (work.kind !== 'episode') return { ...titled(work.title, work.year), series: null, ...more };
  const title = work.title ?? untitledEpisode(work.episode);
  return { ...titled(title, null), series: titled(work.series, work.year), ...more };
}

const EXTRA_TITLES: Readonly<Record<ExtraKind, string>> = {
  trailer: 'Trailer',
  behindthescenes: 'Behind the scenes',
  deleted: 'Deleted scene',
  featurette: 'Featurette',
  interview: 'Interview',
  scene: 'Scene',
  short: 'Short',
  clip: 'Clip',
  other: 'Extra',
};

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
