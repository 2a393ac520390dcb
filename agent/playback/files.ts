import { stat } from 'node:fs/promises';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { ByteRange } from '../../shared/protocol/resources.ts';
import type { IndexedCopy } from '../library/copies.ts';
import { AgentFailure, type ByteAnswer } from '../link/handlers.ts';

const VIDEO_TYPES: Record<string, string> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  ts: 'video/mp2t',
  m2ts: 'video/mp2t',
  mpegts: 'video/mp2t',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
  avi: 'video/x-msvideo',
  wmv: 'video/x-ms-wmv',
  asf: 'video/x-ms-asf',
  flv: 'video/x-flv',
  ogg: 'video/ogg',
};

const AUDIO_TYPES: Record<string, string> = {
  mp4: 'audio/mp4',
  m4a: 'audio/mp4',
  mov: 'audio/mp4',
  mkv: 'audio/x-matroska',
  webm: 'audio/webm',
  ogg: 'audio/ogg',
  mp3: 'audio/mpeg',
  flac: 'audio/flac',
  wav: 'audio/wav',
  aac: 'audio/aac',
};

/** MIME type of a media file as it is. Only ever one of these: nothing from a disk is called text or HTML. */
export function contentTypeOf(media: MediaInfo): string {
  const types = media.video.length > 0 ? VIDEO_TYPES : { ...VIDEO_TYPES, ...AUDIO_TYPES };
  return types[media.container] ?? 'application/octet-stream';
}

export function etagOf(copy: IndexedCopy): string {
  return `"${copy.fingerprint}"`;
}

/** Refuses a file that is gone, or is no longer the one that was indexed. Throws an AgentFailure of class content. */
export async function checkUnchanged(copy: IndexedCopy): Promise<void> {
  const found = await stat(copy.path).catch(() => null);
  if (!found?.isFile()) throw new AgentFailure('content', 'not-found', 'The file is no longer there.');
  // Indexes keep whole milliseconds, file systems fractions of them.
  if (found.size !== copy.size || Math.abs(found.mtimeMs - copy.mtimeMs) >= 1) {
    throw new AgentFailure('content', 'content-broken', 'The file has changed since it was indexed; scan again.');
  }
}

/** The file, or the part of it that was asked for. Throws an AgentFailure. */
export async function fileAnswer(copy: IndexedCopy, range: ByteRange | null): Promise<ByteAnswer> {
  await checkUnchanged(copy);
  const { path, size } = copy;
  const start = range?.start ?? 0;
  const end = Math.min(size, (range?.end ?? size - 1) + 1);
  if (range && (start >= size || end <= start)) {
    throw new AgentFailure('content', 'range-not-satisfiable', `The file has ${size} bytes.`);
  }
  return { contentType: contentTypeOf(copy.media), etag: etagOf(copy), body: { path, start, end, size } };
}
