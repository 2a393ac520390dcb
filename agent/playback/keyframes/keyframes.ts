import { open } from 'node:fs/promises';
import PQueue from 'p-queue';
import type { Logger } from 'pino';
import type { Binaries } from '../../ffmpeg/locate.ts';
import type { IndexedCopy } from '../../library/copies.ts';
import { byteSource, UnreadableIndex } from './byte-source.ts';
import { type KeyframeStore, openKeyframeStore } from './keyframe-store.ts';
import { readMkvKeyframes } from './mkv.ts';
import { readMp4Keyframes } from './mp4.ts';
import { hasOpenGops } from './open-gop.ts';
import { IN_THE_BACKGROUND, type ReadingLimits, readPacketKeyframes, WHILE_A_VIEWER_WAITS } from './packets.ts';

/** Films whose keyframes are kept in memory: about 20 KB each. */
const MAX_KEPT = 256;
/** Films that wait to be read whole; a viewer who plays one more only finds it transcoded again. */
const MAX_WAITING = 64;

export interface KeyframeIndex extends AsyncDisposable {
  /**
   * Times of a video stream's keyframes in seconds of the container's own clock, rising; null where players cannot
   * begin at them, and where they are unknown and finding them out would take too long. Then the file is read in the
   * background, and a later call knows them.
   */
  of(copy: IndexedCopy, stream: number, signal: AbortSignal): Promise<readonly number[] | null>;
  /** Resolves when nothing is being read in the background. */
  settled(): Promise<void>;
}

/** Reads keyframe times by the container's own index, else from the packets; keeps them on disk in `dir`. */
export function createKeyframeIndex(options: {
  binaries: Binaries | null;
  dir: string;
  log: Logger;
  /** What may be read while a viewer waits. */
  limits?: ReadingLimits;
}): KeyframeIndex {
  const { binaries, log, limits = WHILE_A_VIEWER_WAITS } = options;
  const store: KeyframeStore = openKeyframeStore(options);
  /** Null is a stream that cannot be cut. */
  const kept = new Map<string, readonly number[] | null>();
  const stopped = new AbortController();
  /** One at a time: the disk belongs to the films that are being watched. */
  const queue = new PQueue({ concurrency: 1 });
  const waiting = new Set<string>();

  const keep = (key: string, times: readonly number[] | null) => {
    kept.delete(key);
    kept.set(key, times);
    for (const oldest of kept.keys()) {
      if (kept.size <= MAX_KEPT) break;
      kept.delete(oldest);
    }
    return times;
  };
  const readLater = (key: string, copy: IndexedCopy, stream: number) => {
    if (!binaries || waiting.has(key) || waiting.size >= MAX_WAITING) return;
    waiting.add(key);
    const read = async () => {
      const times = await readPacketKeyframes(binaries.ffprobe, copy, stream, IN_THE_BACKGROUND, stopped.signal);
      keep(key, times);
      store.write(copy.fingerprint, stream, times);
    };
    const work = queue.add(read).catch((error: unknown) => {
      if (!stopped.signal.aborted) log.debug({ err: error }, 'keyframes could not be read');
    });
    void work.finally(() => waiting.delete(key));
  };

  return {
    async of(copy, stream, signal) {
      const key = `${copy.fingerprint}/${stream}`;
      const inMemory = kept.get(key);
      const known = inMemory === undefined ? await store.read(copy.fingerprint, stream) : inMemory;
      if (known || inMemory === null) return keep(key, known);
      if (binaries && (await hasOpenGops(binaries.ffmpeg, copy, stream, signal))) return keep(key, null);
      const times = await readKeyframes(binaries, copy, stream, limits, signal);
      if (times === null) {
        readLater(key, copy, stream);
        return null;
      }
      store.write(copy.fingerprint, stream, times);
      return keep(key, times);
    },
    settled: () => queue.onIdle(),
    async [Symbol.asyncDispose]() {
      stopped.abort();
      queue.clear();
      await queue.onIdle();
      await store[Symbol.asyncDispose]();
    },
  };
}

async function readKeyframes(
  binaries: Binaries | null,
  copy: IndexedCopy,
  stream: number,
  limits: ReadingLimits,
  signal: AbortSignal,
): Promise<number[] | null> {
  const own = await ownIndex(copy, stream);
  if (own || !binaries) return own;
  try {
    return await readPacketKeyframes(binaries.ffprobe, copy, stream, limits, signal);
  } catch (error) {
    if (error instanceof UnreadableIndex) return null;
    throw error;
  }
}

async function ownIndex(copy: IndexedCopy, stream: number): Promise<number[] | null> {
  const reader = READERS[copy.media.container];
  if (!reader) return null;
  const handle = await open(copy.path);
  try {
    return await reader(byteSource(handle, (await handle.stat()).size), stream);
  } catch (error) {
    if (error instanceof UnreadableIndex) return null;
    throw error;
  } finally {
    await handle.close();
  }
}

const READERS: Record<string, typeof readMp4Keyframes | undefined> = {
  mp4: readMp4Keyframes,
  mov: readMp4Keyframes,
  m4v: readMp4Keyframes,
  mkv: readMkvKeyframes,
  webm: readMkvKeyframes,
};
