import { type Box, children, descend, MalformedBoxes } from './boxes.ts';

/** One compressed picture or sound frame, in ticks of its track. */
export interface Packet {
  dts: number;
  pts: number;
  duration: number;
  key: boolean;
  data: Buffer;
}

/** What an init segment says about its one track. */
export interface TrackHead {
  timescale: number;
  defaultDuration: number;
  defaultSize: number;
  defaultFlags: number;
}

/** `sample_is_non_sync_sample` in ISO 14496-12's sample flags. */
const NON_SYNC = 0x1_0000;
/** Packets of one fragment: ffmpeg is told to write one each, a GOP has hundreds. */
const MAX_SAMPLES = 100_000;

/** Reads the `moov` of an init segment with one track. Throws MalformedBoxes. */
export function readTrackHead(moov: Box): TrackHead {
  return guarded('moov', () => {
    const mdhd = descend(moov, ['trak', 'mdia', 'mdhd']);
    const trex = descend(moov, ['mvex', 'trex']);
    if (!mdhd || !trex) throw new MalformedBoxes('an init segment without mdhd or trex');
    const version = mdhd.bytes.readUInt8(mdhd.header);
    const timescale = mdhd.bytes.readUInt32BE(mdhd.header + (version === 1 ? 20 : 12));
    if (timescale === 0) throw new MalformedBoxes('a timescale of 0');
    return {
      timescale,
      defaultDuration: trex.bytes.readUInt32BE(trex.header + 12),
      defaultSize: trex.bytes.readUInt32BE(trex.header + 16),
      defaultFlags: trex.bytes.readUInt32BE(trex.header + 20),
    };
  });
}

/** The packets of a `moof` and the `mdat` right behind it, in decoding order. Throws MalformedBoxes. */
export function readPackets(moof: Box, mdat: Box, track: TrackHead): Packet[] {
  return guarded('moof', () => {
    const packets: Packet[] = [];
    for (const traf of children(moof)) {
      if (traf.type === 'traf') readTraf(traf, moof, mdat, track, packets);
    }
    return packets;
  });
}

function readTraf(traf: Box, moof: Box, mdat: Box, track: TrackHead, packets: Packet[]): void {
  const boxes = children(traf);
  const tfhd = boxes.find((box) => box.type === 'tfhd');
  const tfdt = boxes.find((box) => box.type === 'tfdt');
  if (!tfhd || !tfdt) throw new MalformedBoxes('a fragment without tfhd or tfdt');
  const defaults = readDefaults(tfhd, track);
  // A start before zero comes as a huge unsigned number: the sign is taken back here.
  let dts =
    tfdt.bytes.readUInt8(tfdt.header) === 1
      ? Number(tfdt.bytes.readBigInt64BE(tfdt.header + 4))
      : tfdt.bytes.readUInt32BE(tfdt.header + 4);
  // Where the data of a run without an offset of its own continues.
  let data = mdat.header;
  for (const trun of boxes) {
    if (trun.type !== 'trun') continue;
    const { bytes } = trun;
    const flags = bytes.readUInt32BE(trun.header) & 0xff_ffff;
    const signed = bytes.readUInt8(trun.header) !== 0;
    const count = bytes.readUInt32BE(trun.header + 4);
    if (count > MAX_SAMPLES) throw new MalformedBoxes(`a run of ${count} samples`);
    let at = trun.header + 8;
    const next = () => {
      at += 4;
      return bytes.readUInt32BE(at - 4);
    };
    // Offsets count from the moof's first byte (default-base-is-moof); the mdat follows it directly.
    if (flags & 0x1) data = (next() | 0) - moof.bytes.length;
    const firstFlags = flags & 0x4 ? next() : null;
    for (let i = 0; i < count; i++) {
      const duration = flags & 0x100 ? next() : defaults.duration;
      const size = flags & 0x200 ? next() : defaults.size;
      const own = flags & 0x400 ? next() : defaults.flags;
      const sampleFlags = i === 0 && firstFlags !== null ? firstFlags : own;
      let offset = flags & 0x800 ? next() : 0;
      if (signed) offset |= 0;
      if (data < mdat.header || data + size > mdat.bytes.length) {
        throw new MalformedBoxes('a sample outside of its mdat');
      }
      packets.push({
        dts,
        pts: dts + offset,
        duration,
        key: (sampleFlags & NON_SYNC) === 0,
        data: mdat.bytes.subarray(data, data + size),
      });
      data += size;
      dts += duration;
    }
  }
}

function readDefaults(tfhd: Box, track: TrackHead): { duration: number; size: number; flags: number } {
  const { bytes } = tfhd;
  const flags = bytes.readUInt32BE(tfhd.header) & 0xff_ffff;
  let at = tfhd.header + 8;
  if (flags & 0x1) at += 8;
  if (flags & 0x2) at += 4;
  const next = (bit: number, otherwise: number) => {
    if (!(flags & bit)) return otherwise;
    at += 4;
    return bytes.readUInt32BE(at - 4);
  };
  return {
    duration: next(0x8, track.defaultDuration),
    size: next(0x10, track.defaultSize),
    flags: next(0x20, track.defaultFlags),
  };
}

/** A read past a box's end is a torn box, not a fault of ours. */
function guarded<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw new MalformedBoxes(`a torn ${what}`);
    throw error;
  }
}
