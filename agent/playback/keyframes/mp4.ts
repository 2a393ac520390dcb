import { type Box, boxHeader, children, descend, MalformedBoxes } from '../segmenter/boxes.ts';
import { type ByteSource, MAX_KEYFRAMES, UnreadableIndex } from './byte-source.ts';

/** Top-level boxes before the moov is found: fragmented recordings have thousands, an index has few. */
const MAX_TOP_BOXES = 1000;

/**
 * Presentation times of the keyframes of track number `stream` (in the file's order), in seconds of the
 * container's own clock, rising. Throws UnreadableIndex for what this reader does not know: fragments,
 * several edits.
 */
export async function readMp4Keyframes(source: ByteSource, stream: number): Promise<number[]> {
  try {
    const moov = await readMoov(source);
    return keyframesOf(moov, stream);
  } catch (error) {
    if (error instanceof MalformedBoxes || error instanceof RangeError) throw new UnreadableIndex(error.message);
    throw error;
  }
}

async function readMoov(source: ByteSource): Promise<Box> {
  let at = 0;
  for (let i = 0; i < MAX_TOP_BOXES && at + 8 <= source.size; i++) {
    const bytes = await source.read(at, 16);
    // Size 0 is "to the end of the file".
    const head =
      bytes.readUInt32BE(0) === 0
        ? { type: bytes.toString('latin1', 4, 8), size: source.size - at, header: 8 }
        : boxHeader(bytes, 0, bytes.length);
    if (!head) break;
    if (head.type === 'moof') throw new UnreadableIndex('a fragmented file');
    if (head.type === 'moov') {
      return { type: 'moov', bytes: await source.read(at, head.size), header: head.header };
    }
    at += head.size;
  }
  throw new UnreadableIndex('no moov');
}

function keyframesOf(moov: Box, stream: number): number[] {
  const boxes = children(moov);
  if (boxes.some(({ type }) => type === 'mvex')) throw new UnreadableIndex('a fragmented file');
  const trak = boxes.filter(({ type }) => type === 'trak')[stream];
  const mvhd = boxes.find(({ type }) => type === 'mvhd');
  const mdhd = trak && descend(trak, ['mdia', 'mdhd']);
  const stbl = trak && descend(trak, ['mdia', 'minf', 'stbl']);
  if (!mvhd || !mdhd || !stbl) throw new UnreadableIndex('no such track');
  const table = (type: string) => children(stbl).find((box) => box.type === type) ?? null;
  const stts = table('stts');
  const stss = table('stss');
  if (!stts) throw new UnreadableIndex('no stts');
  const samples = syncSamples(stss, stts);
  const decode = timesOf(stts, samples, (time, i, delta) => time + i * delta, true);
  const ctts = table('ctts');
  const offsets = ctts ? timesOf(ctts, samples, (_time, _i, offset) => offset | 0, false) : null;
  const timescale = timescaleOf(mdhd);
  const shift = editShift(trak, timescaleOf(mvhd), timescale, (media) => firstShown(stts, ctts, media, timescale));
  const times = decode.map((time, i) => (time + (offsets?.[i] ?? 0)) / timescale + shift);
  return times.sort((a, b) => a - b);
}

/** Numbers of the keyframes, from 0; without a table every sample is one. */
function syncSamples(stss: Box | null, stts: Box): number[] {
  if (stss) {
    const count = entryCount(stss, 4);
    if (count > MAX_KEYFRAMES) throw new UnreadableIndex('too many keyframes');
    return Array.from({ length: count }, (_, i) => stss.bytes.readUInt32BE(stss.header + 8 + i * 4) - 1);
  }
  let total = 0;
  for (let i = 0; i < entryCount(stts, 8); i++) total += stts.bytes.readUInt32BE(stts.header + 8 + i * 8);
  if (total > MAX_KEYFRAMES) throw new UnreadableIndex('too many samples');
  return Array.from({ length: total }, (_, i) => i);
}

/**
 * What a run-length table says at each of these rising sample numbers. `value` gets the sum before the run (when
 * `sums`), the number within the run, and the run's value.
 */
function timesOf(
  table: Box,
  samples: readonly number[],
  value: (sum: number, i: number, entry: number) => number,
  sums: boolean,
): number[] {
  const { bytes, header } = table;
  const runs = entryCount(table, 8);
  const result: number[] = [];
  let run = 0;
  let before = 0;
  let sum = 0;
  for (const sample of samples) {
    while (run < runs) {
      const count = bytes.readUInt32BE(header + 8 + run * 8);
      if (sample < before + count) break;
      if (sums) sum += count * bytes.readUInt32BE(header + 12 + run * 8);
      before += count;
      run++;
    }
    if (run >= runs) throw new UnreadableIndex('a table that ends too early');
    result.push(value(sum, sample - before, bytes.readUInt32BE(header + 12 + run * 8)));
  }
  return result;
}

/**
 * The first picture of an edit that begins at `media`, in ticks of the track: what begins in the middle of a picture
 * begins for ffmpeg with the next one.
 */
function firstShown(stts: Box, ctts: Box | null, media: number, timescale: number): number {
  const offsets = ctts ? runsOf(ctts) : null;
  let offset = { left: 0, value: 0 };
  let time = 0;
  let first = Number.POSITIVE_INFINITY;
  let seen = 0;
  for (const { count, value: delta } of runsOf(stts)) {
    for (let i = 0; i < count; i++, time += delta) {
      if (++seen > MAX_KEYFRAMES) throw new UnreadableIndex('an edit that begins late');
      if (offset.left === 0) {
        const next = offsets?.next().value;
        offset = next ? { left: next.count, value: next.value | 0 } : { left: Number.POSITIVE_INFINITY, value: 0 };
      }
      offset.left--;
      // Pictures are shown by no more than a second before they are decoded.
      if (time > first + timescale) return first;
      const shown = time + offset.value;
      if (shown === media) return media;
      if (shown >= media && shown < first) first = shown;
    }
  }
  if (first === Number.POSITIVE_INFINITY) throw new UnreadableIndex('an edit behind the end');
  return first;
}

function* runsOf({ bytes, header, ...table }: Box): Generator<{ count: number; value: number }, undefined> {
  for (let i = 0; i < entryCount({ bytes, header, ...table }, 8); i++) {
    const count = bytes.readUInt32BE(header + 8 + i * 8);
    if (count > 0) yield { count, value: bytes.readUInt32BE(header + 12 + i * 8) };
  }
}

/** Seconds to add: an empty edit delays the track, an edit's media time is where it begins. */
function editShift(trak: Box, movieScale: number, mediaScale: number, firstOf: (media: number) => number): number {
  const elst = descend(trak, ['edts', 'elst']);
  if (!elst) return 0;
  const { bytes, header } = elst;
  const long = bytes.readUInt8(header) === 1;
  let shift = 0;
  let edits = 0;
  for (let i = 0; i < entryCount(elst, long ? 20 : 12); i++) {
    const at = header + 8 + i * (long ? 20 : 12);
    const duration = long ? Number(bytes.readBigUInt64BE(at)) : bytes.readUInt32BE(at);
    const media = long ? Number(bytes.readBigInt64BE(at + 8)) : bytes.readInt32BE(at + 4);
    if (media === -1) shift += duration / movieScale;
    else {
      edits++;
      shift -= firstOf(media) / mediaScale;
    }
  }
  if (edits > 1) throw new UnreadableIndex('several edits');
  return shift;
}

function entryCount(table: Box, entryBytes: number): number {
  const count = table.bytes.readUInt32BE(table.header + 4);
  if (table.header + 8 + count * entryBytes > table.bytes.length) throw new UnreadableIndex(`a torn ${table.type}`);
  return count;
}

function timescaleOf(box: Box): number {
  const timescale = box.bytes.readUInt32BE(box.header + (box.bytes.readUInt8(box.header) === 1 ? 20 : 12));
  if (timescale === 0) throw new UnreadableIndex('a timescale of 0');
  return timescale;
}
