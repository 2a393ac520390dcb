import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { CopyKey } from '../../shared/protocol/names.ts';

/** A media file as playback needs it. */
export interface IndexedCopy {
  /** Absolute; below one of the agent's roots, checked when it was indexed. */
  path: string;
  size: number;
  mtimeMs: number;
  fingerprint: string;
  media: MediaInfo;
  /** Where the external streams of `media.subtitles` lie, by their index (1000 and up). */
  externalSubtitles: ReadonlyMap<number, ExternalSubtitleFile>;
}

export interface ExternalSubtitleFile {
  /** Absolute. */
  path: string;
  /** Index of the stream in it: a VobSub file has one for each language. */
  stream: number;
}

/** Where a picture comes from: a file beside the film, or a frame of the film itself. */
export type ImageSource =
  | { kind: 'file'; path: string }
  /** `hdr`: it must be made fit for an ordinary screen. */
  | { kind: 'frame'; path: string; atMs: number; hdr: boolean };

/** The index as seen by playback: nothing that is not in it can be served. */
export interface CopyLookup {
  copy(key: CopyKey): IndexedCopy | null;
  image(id: string): ImageSource | null;
}
