import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import PQueue from 'p-queue';
import type { SubtitleStream } from '../../shared/media/media-info.ts';
import { run } from '../ffmpeg/process.ts';
import { subtitleArguments } from '../ffmpeg/still-arguments.ts';
import type { IndexedCopy } from '../library/copies.ts';
import { AgentFailure, type ByteAnswer } from '../link/handlers.ts';
import { charsetOf } from './charset.ts';
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

export interface Subtitles extends AsyncDisposable {
  /**
   * One text track as WebVTT, whole. Throws an AgentFailure. Once begun it is made to the end, also when the viewer
   * leaves: reading a large film takes half a minute, and the next one who asks finds it made.
   */
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
  const stopped = new AbortController();
  const making = new Map<string, Promise<Buffer>>();

  const extract = async (program: string, source: Source): Promise<Buffer> => {
    stopped.signal.throwIfAborted();
    const limits = { signal: stopped.signal, timeoutMs: TIMEOUT_MS, maxStdoutBytes: MAX_VTT_BYTES };
    const result = await run(program, subtitleArguments(source), limits).catch((error: Error) => {
      throw stopped.signal.aborted ? stopped.signal.reason : lostProcess(error);
    });
    if (result.code !== 0 || result.limited) throw brokenBy(result.stderr, source.path);
    cache.put(source.key, 'vtt', result.stdout);
    return result.stdout;
  };
  const made = (program: string, source: Source): Promise<Buffer> => {
    const known = making.get(source.key);
    if (known) return known;
    const work = queue.add(() => extract(program, source)).finally(() => making.delete(source.key));
    // Whoever asked may have left; the next one asks again.
    work.catch(() => {});
    making.set(source.key, work);
    return work;
  };

  return {
    async bytes(copy, stream, signal) {
      const track = copy.media.subtitles.find(({ index }) => index === stream);
      if (!track) throw new AgentFailure('content', 'not-found', 'The file has no such subtitles.');
      if (track.form !== 'text') throw new AgentFailure('content', 'not-playable', 'These subtitles are pictures.');
      if (!ffmpeg) throw new AgentFailure('content', 'not-playable', 'This machine has no ffmpeg.');
      const source = stream < FIRST_EXTERNAL ? embedded(copy, stream) : await external(copy, track);
      const cached = await cache.get(source.key, 'vtt');
      const body =
        cached === null
          ? await unlessAborted(made(ffmpeg, source), signal)
          : Buffer.isBuffer(cached)
            ? cached
            : await readFile(cached.path);
      return { contentType: 'text/vtt; charset=utf-8', etag: `"${source.key}"`, body };
    },
    async [Symbol.asyncDispose]() {
      stopped.abort(new AgentFailure('liveness', 'agent-failed', 'The agent is stopping.'));
      await queue.onIdle();
    },
  };
}

/** What the work gives, or the signal's reason as soon as it is aborted; the work goes on. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const leave = () => reject(signal.reason);
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  return promise;
}

function embedded(copy: IndexedCopy, stream: number): Source {
  return { path: copy.path, stream, charset: null, key: keyOf([copy.fingerprint, stream]) };
}

async function external(copy: IndexedCopy, track: SubtitleStream): Promise<Source> {
  const path = copy.externalSubtitles.get(track.index);
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
    key: keyOf([bytes.toString('base64'), track.language ?? '']),
  };
}

function keyOf(parts: readonly (string | number)[]): string {
  return createHash('sha256')
    .update(JSON.stringify(['vtt', ...parts]))
    .digest('hex')
    .slice(0, 32);
}
