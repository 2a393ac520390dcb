import type { MediaInfo } from '../../../shared/media/media-info.ts';
import { type Artwork, Claim, type Extra, type Metadata, type Work } from '../../../shared/protocol/sync.ts';
import type { ExternalSubtitle } from '../names/subtitle-name.ts';
import type { Problem } from '../problems.ts';

/** Where a file is and which version of it was looked at. */
export interface FileState {
  root: string;
  pathHash: string;
  /**
   * Folder and path below the root, with slashes; the folder is empty for the root itself. What lies in a folder of
   * extras belongs to the folder above, with which it is scanned.
   */
  dir: string;
  path: string;
  size: number;
  mtimeMs: number;
}

/** What sidecar files and names say of the film itself and of the series and season that it belongs to. */
export interface FileMetadata {
  metadata?: Metadata;
  seriesMetadata?: Metadata;
  seasonMetadata?: Metadata;
  /** Of what comes along with a film: all the others are then the film's. */
  extra?: Extra;
}

/** A folder that a scan has gone through; without a signature it wants another look. */
export interface FolderState {
  dir: string;
  signature: string | null;
}

/** What names and neighbours say; it can change while the file stays the same. */
export interface Surroundings {
  work: Work;
  artwork: Artwork;
  subtitles: ExternalSubtitle[];
  metadata: FileMetadata;
}

/** What is in a file, the same in every copy. */
export interface FileContent {
  media: MediaInfo;
  /** Of the tags inside; what stands beside the file knows better. */
  embedded: Metadata;
}

/** What is written about a file. */
export type IndexChange = FileState &
  (
    | ({ state: 'present'; fingerprint: string; thumb: string | null } & FileContent & Surroundings)
    | ({ state: 'problem' } & Problem)
  );

/** A row as SQLite gives it. */
export interface FileRow {
  root: string;
  path_hash: string;
  dir: string;
  path: string;
  size: number;
  mtime_ms: number;
  fingerprint: string | null;
  work: string | null;
  artwork: string | null;
  subtitles: string | null;
  metadata: string | null;
  media: string | null;
  embedded: string | null;
  thumb: string | null;
  problem: string | null;
  detail: string | null;
  gone: number;
  rev: number;
}

/** A row without the streams: what a scan compares, folder by folder. */
export type KnownFile = Omit<FileRow, 'media' | 'embedded'>;

/** The whole of a copy's streams: the file's own and those that lie beside it. */
export function mediaOf(row: Pick<FileRow, 'media' | 'subtitles'>): MediaInfo {
  const media = JSON.parse(row.media as string) as MediaInfo;
  const external = subtitlesOf(row).map(({ stream }) => stream);
  return { ...media, subtitles: [...media.subtitles.slice(0, MAX_STREAMS - external.length), ...external] };
}

const MAX_STREAMS = 128;

export function subtitlesOf(row: Pick<FileRow, 'subtitles'>): ExternalSubtitle[] {
  return JSON.parse(row.subtitles ?? '[]') as ExternalSubtitle[];
}

function metadataOf({ metadata, embedded }: Pick<FileRow, 'metadata' | 'embedded'>): FileMetadata {
  const beside = JSON.parse(metadata ?? '{}') as FileMetadata;
  const own: Metadata = { ...(JSON.parse(embedded ?? '{}') as Metadata), ...beside.metadata };
  return Object.keys(own).length > 0 ? { ...beside, metadata: own } : beside;
}

/** About how long a row's claim will be, in bytes. */
export function sizeOf({ path, work, artwork, subtitles, metadata, media, embedded, detail }: FileRow): number {
  const texts = [path, work, artwork, subtitles, metadata, media, embedded, detail];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), ROW_BYTES);
}

/** Keys and names of a claim beside its texts. */
const ROW_BYTES = 400;

/**
 * A row as the edge is told of it. What the protocol would refuse (a tag of an absurd length, a rate beyond
 * all limits) becomes a problem of that file instead of stopping the others behind it.
 */
export function claimOf(row: FileRow): Claim {
  const key = { root: row.root, pathHash: row.path_hash, rev: row.rev };
  if (row.gone) return { state: 'gone', ...key };
  const path = row.path.slice(0, 4096);
  if (row.problem !== null) {
    const code = row.problem as Problem['code'];
    return { state: 'problem', ...key, path, code, detail: (row.detail ?? '').slice(0, 500) };
  }
  const claim = Claim.safeParse({
    state: 'present',
    ...key,
    path,
    size: row.size,
    mtimeMs: row.mtime_ms,
    fingerprint: row.fingerprint,
    work: JSON.parse(row.work as string),
    media: mediaOf(row),
    artwork: JSON.parse(row.artwork as string),
    ...metadataOf(row),
  });
  if (claim.success) return claim.data;
  const detail = `It says something about itself that makes no sense (${claim.error.issues[0]?.path.join('.')}).`;
  return { state: 'problem', ...key, path, code: 'not-media', detail: detail.slice(0, 500) };
}
