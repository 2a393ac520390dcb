import { closeSync, openSync } from 'node:fs';
import { type elementsIn, Fields, numberAt, placeAt, unsigned } from './ebml.ts';
import { HeadBytes } from './head-bytes.ts';
import { ID } from './mkv-ids.ts';
import { Unsure } from './unsure.ts';

/** A cluster holds some seconds; at 100 Mbit/s one of them is a few megabytes. */
const TAIL_BYTES = 24 * 1024 * 1024;
/** What comes before the first cluster and tells the clock lies in here. */
const HEAD_BYTES = 64 * 1024;
const CLUSTER = Buffer.from('1f43b675', 'hex');
const TIMESTAMP_SCALE = Buffer.from('2ad7b1', 'hex');
const DEFAULT_SCALE = 1_000_000;
/** A tenth of a second at the usual clock: no frame is longer that is worth adding. */
const MAX_FRAME_TICKS = 100;
/** Whole clusters from the end that are tried: the very last one may be torn. */
const MAX_TRIES = 20;

/**
 * When the last block of a Matroska file ends, in milliseconds of the container's own clock; null where that cannot be
 * told. For files without a duration in their head. Throws the file system's error only.
 */
export function matroskaLengthMs(path: string, size: number): number | null {
  const fd = openSync(path, 'r');
  try {
    const file = new HeadBytes(fd, size);
    const scale = scaleOf(file);
    const from = Math.max(0, size - TAIL_BYTES);
    const tail = file.at(from, size - from);
    let at = tail.length;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      at = tail.lastIndexOf(CLUSTER, at - 1);
      if (at < 0) return null;
      const end = endOf(tail.subarray(at));
      if (end !== null) return Math.round((end * scale) / 1e6);
    }
    return null;
  } catch (error) {
    if (error instanceof Unsure || error instanceof RangeError) return null;
    throw error;
  } finally {
    closeSync(fd);
  }
}

function scaleOf(file: HeadBytes): number {
  const head = file.at(0, Math.min(HEAD_BYTES, file.size));
  const at = head.indexOf(TIMESTAMP_SCALE);
  if (at < 0 || placeAt(file, at)?.id !== ID.timestampScale) return DEFAULT_SCALE;
  const { value: length, length: bytes } = numberAt(head, at + 3);
  const scale = unsigned(head.subarray(at + 3 + bytes, at + 3 + bytes + length));
  return scale > 0 ? scale : DEFAULT_SCALE;
}

/** Where the last block of the cluster at the buffer's start ends, in the file's ticks. */
function endOf(bytes: Buffer): number | null {
  const size = numberAt(bytes, 4);
  const start = 4 + size.length;
  let base: number | null = null;
  const times = new Map<number, number[]>();
  for (const { id, payload } of wholeElements(bytes.subarray(start, size.unknown ? undefined : start + size.value))) {
    if (id === ID.clusterTime) base = unsigned(payload);
    const block = id === ID.simpleBlock ? payload : id === ID.blockGroup ? new Fields(payload).bytes(ID.block) : null;
    if (!block) continue;
    const track = numberAt(block, 0);
    const list = times.get(track.value) ?? [];
    list.push(block.readInt16BE(track.length));
    times.set(track.value, list);
  }
  if (base === null || times.size === 0) return null;
  const ends = [...times.values()].map((list) => {
    const sorted = list.toSorted((a, b) => a - b);
    const last = sorted.at(-1) as number;
    // As long as the shortest: pictures that hang on ones that never came may be missing before it.
    const gaps = sorted.slice(1).map((time, i) => time - (sorted[i] as number));
    return last + Math.min(...gaps.filter((gap) => gap > 0), MAX_FRAME_TICKS) * Number(gaps.length > 0);
  });
  return base + Math.max(...ends);
}

/** The elements up to the first torn one: the file may have been cut off in the middle of it. */
function wholeElements(bytes: Buffer): ReturnType<typeof elementsIn> {
  const found: ReturnType<typeof elementsIn> = [];
  for (let at = 0; at + 2 < bytes.length; ) {
    const idLength = Math.clz32(bytes.readUInt8(at)) - 23;
    if (idLength > 4 || at + idLength >= bytes.length) break;
    const id = bytes.readUIntBE(at, idLength);
    if (id === ID.cluster) break;
    const first = bytes.readUInt8(at + idLength);
    if (Math.clz32(first) - 23 > Math.min(8, bytes.length - at - idLength)) break;
    const { value, length, unknown } = numberAt(bytes, at + idLength);
    const start = at + idLength + length;
    if (unknown || start + value > bytes.length) break;
    found.push({ id, payload: bytes.subarray(start, start + value) });
    at = start + value;
  }
  return found;
}
