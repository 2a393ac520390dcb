import type { Packet } from './packets.ts';

/** A packet as it is written: its place comes from its neighbours' durations. */
export interface Sample {
  duration: number;
  /** Presentation minus decoding time. */
  offset: number;
  key: boolean;
  data: Packet['data'];
}

const SYNC_FLAGS = 0x0200_0000;
const NON_SYNC_FLAGS = 0x0101_0000;

const STYP = box('styp', Buffer.from('msdh\0\0\0\0msdhmsixcmfs', 'latin1'));

/**
 * One CMAF media segment: styp, one moof with one run, one mdat. ffmpeg writes a moof for each packet; players
 * take one per segment better, and its times are the canonical ones instead of a process's own.
 */
export function writeSegment(sequence: number, decodeTime: number, samples: readonly Sample[]): Buffer {
  const mfhd = fullBox('mfhd', 0, 0, u32(sequence));
  // 0x020000: offsets count from the moof.
  const tfhd = fullBox('tfhd', 0, 0x02_0000, u32(1));
  const time = Buffer.alloc(8);
  time.writeBigInt64BE(BigInt(decodeTime));
  const tfdt = fullBox('tfdt', 1, 0, time);
  const run = Buffer.alloc(8 + samples.length * 16);
  run.writeUInt32BE(samples.length, 0);
  const moofBytes = 8 + mfhd.length + 8 + tfhd.length + tfdt.length + 12 + run.length;
  run.writeInt32BE(moofBytes + 8, 4);
  samples.forEach((sample, i) => {
    const at = 8 + i * 16;
    run.writeUInt32BE(sample.duration, at);
    run.writeUInt32BE(sample.data.length, at + 4);
    run.writeUInt32BE(sample.key ? SYNC_FLAGS : NON_SYNC_FLAGS, at + 8);
    run.writeInt32BE(sample.offset, at + 12);
  });
  const trun = fullBox('trun', 1, 0x00_0f01, run);
  const moof = box('moof', mfhd, box('traf', tfhd, tfdt, trun));
  return Buffer.concat([STYP, moof, box('mdat', ...samples.map((sample) => sample.data))]);
}

function fullBox(type: string, version: number, flags: number, payload: Buffer): Buffer {
  return box(type, u32(((version << 24) | flags) >>> 0), payload);
}

function box(type: string, ...payload: Buffer[]): Buffer {
  const size = payload.reduce((sum, part) => sum + part.length, 8);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(size, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...payload], size);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
