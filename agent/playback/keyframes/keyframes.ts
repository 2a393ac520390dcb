import { open } from 'node:fs/promises';
import type { Binaries } from '../../ffmpeg/locate.ts';
import type { IndexedCopy } from '../../library/copies.ts';
import { byteSource, UnreadableIndex } from './byte-source.ts';
import { readMkvKeyframes } from './mkv.ts';
import { readMp4Keyframes } from './mp4.ts';
import { readPacketKeyframes } from './packets.ts';

/** Films whose keyframes are kept in memory: about 20 KB each. */
const MAX_KEPT = 256;

export interface KeyframeIndex {
  /**
   * Times of a video stream's keyframes in seconds of the container's own clock, rising; null where they are
   * unknown and finding them out would take too long.
   */
  of(copy: IndexedCopy, stream: number, signal: AbortSignal): Promise<readonly number[] | null>;
}

/** Reads keyframe times by the container's own index, else from the packets of a small file. */
export function createKeyframeIndex(binaries: Binaries | null): KeyframeIndex {
  const kept = new Map<string, readonly number[]>();
  return {
    async of(copy, stream, signal) {
      const key = `${copy.fingerprint}/${stream}`;
      const known = kept.get(key);
      if (known) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      const times = await readKeyframes(binaries, copy, stream, signal);
      if (times === null) return null;
      kept.set(key, times);
      for (const oldest of kept.keys()) {
        if (kept.size <= MAX_KEPT) break;
        kept.delete(oldest);
      }
      return times;
    },
  };
}

async function readKeyframes(
  binaries: Binaries | null,
  copy: IndexedCopy,
  stream: number,
  signal: AbortSignal,
): Promise<number[] | null> {
  const own = await ownIndex(copy, stream);
  if (own || !binaries) return own;
  try {
    return await readPacketKeyframes(binaries.ffprobe, copy, stream, signal);
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
