import type { Metadata, Work } from '../../../shared/protocol/sync.ts';
import type { FileMetadata } from '../index/rows.ts';
import { type ExternalIds, idsInName } from './external-ids.ts';
import type { SidecarDocument } from './nfo.ts';

/** Documents that may say something of one film, by the place that they were found in. */
export interface NearbyDocuments {
  own: readonly SidecarDocument[];
  series: readonly SidecarDocument[];
  season: readonly SidecarDocument[];
}

/** Names that may carry ids; the folder's only where it holds nothing but this film. */
export interface NearbyNames {
  stem: string;
  folder: string | null;
  series: string | null;
}

/** What names and sidecar files together say that a file is: a sidecar knows better than a name. Pure. */
export function knowledgeOf(
  named: Work,
  documents: NearbyDocuments,
  names: NearbyNames,
): { work: Work; metadata: FileMetadata } {
  return named.kind === 'episode' ? episode(named, documents, names) : film(named, documents, names);
}

type Film = Exclude<Work, { kind: 'episode' }>;
type Episode = Extract<Work, { kind: 'episode' }>;

function film(named: Film, { own }: NearbyDocuments, names: NearbyNames): { work: Work; metadata: FileMetadata } {
  const document = own.find(({ kind }) => kind === 'movie') ?? own.find(({ kind }) => kind === 'links');
  const ids = { ...idsInName(names.folder ?? ''), ...idsInName(names.stem) };
  const metadata = withIds(document?.metadata, ids);
  if (document?.kind !== 'movie') return { work: named, metadata: metadata ? { metadata } : {} };
  const work: Work = { kind: 'movie', title: cut(document.title) ?? named.title, year: document.year ?? named.year };
  return { work, metadata: metadata ? { metadata } : {} };
}

function episode(
  named: Episode,
  { own, series, season }: NearbyDocuments,
  names: NearbyNames,
): { work: Work; metadata: FileMetadata } {
  const episodes = own.filter(({ kind }) => kind === 'episode');
  const document = episodes.find((one) => one.season === named.season && one.episode === named.episode) ?? episodes[0];
  const show = series.find(({ kind }) => kind === 'series') ?? series.find(({ kind }) => kind === 'links');
  const ofSeason = season.find(({ kind }) => kind === 'season');
  const work: Work = {
    kind: 'episode',
    series: cut(show?.title) ?? cut(document?.series) ?? named.series,
    year: show?.year ?? named.year,
    season: document?.season ?? named.season,
    episode: document?.episode ?? named.episode,
    title: cut(document?.title) ?? named.title,
  };
  const seriesMetadata = withIds(show?.metadata, idsInName(names.series ?? ''));
  return {
    work,
    metadata: {
      ...(document && !isEmpty(document.metadata) ? { metadata: document.metadata } : {}),
      ...(seriesMetadata ? { seriesMetadata } : {}),
      ...(ofSeason && !isEmpty(ofSeason.metadata) ? { seasonMetadata: ofSeason.metadata } : {}),
    },
  };
}

function withIds(metadata: Metadata | undefined, ids: ExternalIds): Metadata | null {
  const externalIds = { ...ids, ...metadata?.externalIds };
  const all: Metadata = { ...metadata, ...(isEmpty(externalIds) ? {} : { externalIds }) };
  return isEmpty(all) ? null : all;
}

const isEmpty = (value: object) => Object.keys(value).length === 0;
const cut = (title: string | null | undefined) => title?.slice(0, 500) || null;
