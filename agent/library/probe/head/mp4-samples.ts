import { boxAt, needBox } from './boxes.ts';
import { Unsure } from './unsure.ts';

/** What the sample tables of a track add up to. */
export interface SampleSums {
  count: number;
  bytes: number;
  /** In units of the track's clock. */
  duration: number;
  /** Difference between showing and decoding of the first sample, and whether any is below it. */
  firstOffset: number;
}

export function sumSamples(stbl: Buffer): SampleSums {
  const { count, duration } = sumTimes(needBox(stbl, 'stts'));
  const { samples, bytes } = sumSizes(needBox(stbl, 'stsz'));
  if (samples !== count || count === 0) throw new Unsure('tables that disagree');
  return { count, bytes, duration, firstOffset: firstOffset(boxAt(stbl, 'ctts')) };
}

function sumTimes(stts: Buffer): { count: number; duration: number } {
  const entries = stts.readUInt32BE(4);
  let count = 0;
  let duration = 0;
  for (let i = 0; i < entries; i++) {
    const n = stts.readUInt32BE(8 + i * 8);
    const delta = stts.readInt32BE(12 + i * 8);
    if (delta < 0) throw new Unsure('time that runs backwards');
    count += n;
    duration += n * delta;
  }
  return { count, duration };
}

function sumSizes(stsz: Buffer): { samples: number; bytes: number } {
  const each = stsz.readUInt32BE(4);
  const samples = stsz.readUInt32BE(8);
  if (each > 0) return { samples, bytes: each * samples };
  let bytes = 0;
  for (let i = 0; i < samples; i++) bytes += stsz.readUInt32BE(12 + i * 4);
  return { samples, bytes };
}

/** Offsets are sums of decoding order: the lowest of the first pictures is where showing begins. */
function firstOffset(ctts: Buffer | null): number {
  if (!ctts || ctts.readUInt32BE(4) === 0) return 0;
  return ctts.readInt32BE(12);
}
