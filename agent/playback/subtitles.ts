import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import PQueue from 'p-queue';
import { run } from '../ffmpeg/process.ts';
import { subtitleArguments } from '../ffmpeg/still-arguments.ts';
import type { IndexedCopy } from '../library/copies.ts';
import { AgentFailure, type ByteAnswer } from '../link/handlers.ts';
import { brokenBy, lostProcess } from './process-failure.ts';
import type { SegmentCache } from './segment-cache.ts';

/** An extraction reads the whole film: more at once would only fight over the disk. */
const AT_ONCE = 2;
/** A film of 80 GB on a slow disk. */
const TIMEOUT_MS = 15 * 60_000;
const MAX_VTT_BYTES = 32 * 1024 * 1024;
/** External files larger than this are no subtitles. */
const MAX_EXTERNAL_BYTES = 16 * 1024 * 1024;
/** External files count from here among a copy's subtitle streams. */
const FIRST_EXTERNAL = 1000;

export interface Subtitles {
  /** One text track as WebVTT, whole. Throws an AgentFailure. */
  bytes(copy: IndexedCopy, stream: number, signal: AbortSignal): Promise<ByteAnswer>;
}

interface Source {
  path: string;
  stream: number;
  charset: string | null;
  /** Name of what comes out in the cache. */
  key: string;
}

export function createSubtitles(options: { ffmpeg: string | null; cache: SegmentCache }): Subtitles {
  const { ffmpeg, cache } = options;
  const queue = new PQueue({ concurrency: AT_ONCE });
  return {
    async bytes(copy, stream, signal) {
      const track = copy.media.subtitles.find(({ index }) => index === stream);
      if (!track) throw new AgentFailure('content', 'not-found', 'The file has no such subtitles.');
      if (track.form !== 'text') throw new AgentFailure('content', 'not-playable', 'These subtitles are pictures.');
      if (!ffmpeg) throw new AgentFailure('content', 'not-playable', 'This machine has no ffmpeg.');
      const source = stream < FIRST_EXTERNAL ? embedded(copy, stream) : await external(copy, stream);
      const answer = (body: Buffer): ByteAnswer => ({
        contentType: 'text/vtt; charset=utf-8',
        etag: `"${source.key}"`,
        body,
      });
      const extract = async () => {
        // Asked for inside the queue: whoever waited for the same track finds it made.
        const cached = await cache.get(source.key, 'vtt');
        if (cached) return Buffer.isBuffer(cached) ? cached : readFile(cached.path);
        const args = subtitleArguments(source);
        const limits = { signal, timeoutMs: TIMEOUT_MS, maxStdoutBytes: MAX_VTT_BYTES };
        const result = await run(ffmpeg, args, limits).catch((error: Error) => {
          throw signal.aborted ? signal.reason : lostProcess(error);
        });
        if (result.code !== 0 || result.limited) throw brokenBy(result.stderr, source.path);
        cache.put(source.key, 'vtt', result.stdout);
        return result.stdout;
      };
      const cached = await cache.get(source.key, 'vtt');
      if (Buffer.isBuffer(cached)) return answer(cached);
      return answer(await queue.add(extract, { signal }));
    },
  };
}

function embedded(copy: IndexedCopy, stream: number): Source {
  return { path: copy.path, stream, charset: null, key: keyOf([copy.fingerprint, stream]) };
}

async function external(copy: IndexedCopy, stream: number): Promise<Source> {
  const path = copy.externalSubtitles.get(stream);
  const found = path ? await stat(path).catch(() => null) : null;
  if (!path || !found?.isFile()) throw new AgentFailure('content', 'not-found', 'The subtitle file is gone.');
  if (found.size > MAX_EXTERNAL_BYTES) {
    throw new AgentFailure('content', 'content-broken', 'The subtitle file is too large.');
  }
  const bytes = await readFile(path);
  return { path, stream: 0, charset: charsetOf(bytes), key: keyOf([bytes.toString('base64')]) };
}

/**
 * The encoding that ffmpeg must be told, or null where it knows: UTF-8, and UTF-16 with its mark. What is
 * neither is taken for Windows' western one, the most common of the old.
 */
export function charsetOf(bytes: Uint8Array): string | null {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return null;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return null;
  } catch {
    return 'WINDOWS-1252';
  }
}

function keyOf(parts: readonly (string | number)[]): string {
  return createHash('sha256')
    .update(JSON.stringify(['vtt', ...parts]))
    .digest('hex')
    .slice(0, 32);
}
