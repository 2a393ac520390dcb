import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { SubtitleStream } from '../../../shared/media/media-info.ts';
import type { IndexedCopy } from '../../library/copies.ts';
import { AgentFailure } from '../../link/handlers.ts';
import { COMPLETE_CONTAINERS } from '../recipes.ts';
import { charsetOf } from './charset.ts';

/** External files larger than this are no subtitles. */
const MAX_EXTERNAL_BYTES = 16 * 1024 * 1024;
/** External files count from here among a copy's subtitle streams. */
const FIRST_EXTERNAL = 1000;

/** Where a text track is read from. */
export interface Source {
  path: string;
  stream: number;
  charset: string | null;
  /** A stream of the film to tell by how far it has been read; null for a file of subtitles alone. */
  clock: number | null;
  /** Name of what comes out in the cache: the same for the same text. */
  key: string;
  /** ffmpeg's name of what it is. */
  codec: string;
  /** Whether its header says all about the streams. */
  complete: boolean;
}

/** The source of a copy's text track. Throws an AgentFailure. */
export async function sourceOf(copy: IndexedCopy, stream: number): Promise<Source> {
  const track = copy.media.subtitles.find(({ index }) => index === stream);
  if (!track) throw new AgentFailure('content', 'not-found', 'The file has no such subtitles.');
  if (track.form !== 'text') throw new AgentFailure('content', 'not-playable', 'These subtitles are pictures.');
  return stream < FIRST_EXTERNAL ? embedded(copy, track) : external(copy, track);
}

/** The source of a text track that is in the film itself. */
export function embedded(copy: IndexedCopy, track: SubtitleStream): Source {
  const { audio, video } = copy.media;
  return {
    path: copy.path,
    stream: track.index,
    charset: null,
    clock: (audio[0] ?? video[0])?.index ?? null,
    key: keyOf([copy.fingerprint, track.index]),
    codec: track.codec,
    complete: COMPLETE_CONTAINERS.has(copy.media.container),
  };
}

async function external(copy: IndexedCopy, track: SubtitleStream): Promise<Source> {
  const path = copy.externalSubtitles.get(track.index)?.path;
  const found = path ? await stat(path).catch(() => null) : null;
  if (!path || !found?.isFile()) throw new AgentFailure('content', 'not-found', 'The subtitle file is gone.');
  if (found.size > MAX_EXTERNAL_BYTES) {
    throw new AgentFailure('content', 'content-broken', 'The subtitle file is too large.');
  }
  const bytes = await readFile(path);
  return {
    path,
    stream: 0,
    charset: charsetOf(bytes, track.language),
    clock: null,
    key: keyOf([bytes.toString('base64'), track.language ?? '']),
    codec: track.codec,
    complete: false,
  };
}

function keyOf(parts: readonly (string | number)[]): string {
  return createHash('sha256')
    .update(JSON.stringify(['vtt', ...parts]))
    .digest('hex')
    .slice(0, 32);
}
