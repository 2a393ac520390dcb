import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readHead } from '../../../agent/library/probe/head/read-head.ts';
import { type ByteSource, UnreadableIndex } from '../../../agent/playback/keyframes/byte-source.ts';
import { readMkvKeyframes } from '../../../agent/playback/keyframes/mkv.ts';
import { readMp4Keyframes } from '../../../agent/playback/keyframes/mp4.ts';
import { MalformedBoxes } from '../../../agent/playback/segmenter/boxes.ts';
import { Segmenter } from '../../../agent/playback/segmenter/segmenter.ts';
import { below, type Random } from './seeded.ts';

/** One reader of foreign bytes; `run` throws where it behaves as it must not. */
export interface Target {
  name: string;
  formats: readonly ('mp4' | 'mkv' | 'segments')[];
  run(bytes: Buffer, random: Random): Promise<void>;
}

/** More reads than the index of any film takes. */
const MAX_READS = 3000;
const MAX_TRACKS = 3;

function memory(bytes: Buffer): ByteSource {
  let reads = 0;
  return {
    size: bytes.length,
    async read(offset, length) {
      if (++reads > MAX_READS) throw new Error(`more than ${MAX_READS} reads`);
      if (!(offset >= 0 && offset <= bytes.length && length >= 0)) throw new UnreadableIndex('an offset outside');
      return bytes.subarray(offset, Math.min(bytes.length, offset + length));
    },
  };
}

function keyframes(reader: typeof readMp4Keyframes): Target['run'] {
  return async (bytes) => {
    for (let stream = 0; stream < MAX_TRACKS; stream++) {
      try {
        const times = await reader(memory(bytes), stream);
        if (!times.every(Number.isFinite)) throw new Error('a time that is no number');
        if (times.some((time, i) => time < (times[i - 1] ?? Number.NEGATIVE_INFINITY)))
          throw new Error('times that fall');
      } catch (error) {
        if (!(error instanceof UnreadableIndex)) throw error;
      }
    }
  };
}

async function segments(bytes: Buffer, random: Random): Promise<void> {
  const grid = {
    ...{
      kind: 'video' as const,
      count: 8,
      unbroken: false,
      tolerance: 0.02,
      origin: below(random, 2) * 1.4,
      frame: null,
    },
    start: (k: number, timescale: number) => k * timescale,
    packets: random() < 0.5 ? () => 25 : null,
  };
  const segmenter = new Segmenter(grid, below(random, 3));
  try {
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + below(random, 20_000);
      for (const product of segmenter.push(bytes.subarray(at, at + size))) {
        if (product.bytes.length > bytes.length * 2 + 10_000_000) throw new Error('more than was there');
      }
      at += size;
    }
    segmenter.flush(true);
  } catch (error) {
    if (!(error instanceof MalformedBoxes)) throw error;
  }
}

/** Every reader of containers; `dir` is where the one that reads files gets them. */
export function targets(dir: string): Target[] {
  const path = join(dir, 'damaged');
  return [
    { name: 'keyframes of MP4', formats: ['mp4', 'mkv'], run: keyframes(readMp4Keyframes) },
    { name: 'keyframes of Matroska', formats: ['mkv', 'mp4'], run: keyframes(readMkvKeyframes) },
    { name: 'segmenter', formats: ['segments', 'mp4'], run: segments },
    {
      name: 'head',
      formats: ['mp4', 'mkv'],
      async run(bytes) {
        writeFileSync(path, bytes);
        const fd = openSync(path, 'r');
        try {
          readHead(fd, bytes.length, 'mkv');
        } finally {
          closeSync(fd);
        }
      },
    },
  ];
}
