import type { Claim, Metadata, Work } from '../../shared/protocol/sync.ts';
import { normalizeTitle } from './titles.ts';

/** The keys of the items that one file makes: two files with one key are copies of one item. */
export interface WorkKeys {
  own: string;
  season: string | null;
  series: string | null;
}

/**
 * Names an item by what it is, not by where it lies, so that two sites' copies of one film are one item.
 * Videos have no name that two machines would agree on: theirs is the content's fingerprint, and a renamed home
 * video keeps what people did with it.
 */
export function keysOf(work: Work, fingerprint: string): WorkKeys {
  switch (work.kind) {
    case 'movie':
      return { own: `movie:${normalizeTitle(work.title)}:${work.year ?? ''}`, season: null, series: null };
    case 'video':
      return { own: `video:${fingerprint}`, season: null, series: null };
    case 'episode':
      return keysOfEpisode(`series:${normalizeTitle(work.series)}:${work.year ?? ''}`, work.season, work.episode);
    default:
      return work satisfies never;
  }
}

/** The keys of an episode below the series of a key. */
export function keysOfEpisode(series: string, season: number, episode: number): WorkKeys {
  const show = series.slice('series:'.length);
  return { own: `episode:${show}:${season}:${episode}`, season: `season:${show}:${season}`, series };
}

/** The key of what comes along with a title: by its content, as a home video's. */
export function keyOfExtra(top: string, fingerprint: string): string {
  return `extra:${fingerprint}:${top}`;
}

/** What a claim calls the title that viewers see in a grid: a movie, a video, or the series of an episode. */
export interface TopName {
  /** By title and year, or by content. */
  key: string;
  /** The key of the same title without its year, which another site may not know; null for a video. */
  yearless: string | null;
  year: number | null;
  /** By catalogues of titles. */
  ids: readonly string[];
}

export function topNameOf(claim: Extract<Claim, { state: 'present' }>): TopName {
  const { work } = claim;
  const keys = keysOf(work, claim.fingerprint);
  const key = keys.series ?? keys.own;
  const kind = work.kind === 'episode' ? 'series' : work.kind;
  const metadata = work.kind === 'episode' ? claim.seriesMetadata : claim.metadata;
  const yearless = work.kind === 'video' ? null : key.slice(0, key.lastIndexOf(':') + 1);
  return { key, yearless, year: work.year, ids: externalKeys(kind, metadata) };
}

/** Begins the keys of external ids, which no title's key begins with. */
export const EXTERNAL = '@';

function externalKeys(kind: string, metadata: Metadata | undefined): string[] {
  return Object.entries(metadata?.externalIds ?? {}).map(([source, id]) => `${EXTERNAL}${source}:${kind}:${id}`);
}

/** Where an external id is from: ids of one source say that two titles differ. */
export function sourceOf(externalKey: string): string {
  return externalKey.slice(0, externalKey.indexOf(':'));
}
