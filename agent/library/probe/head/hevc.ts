import { Bits, unescaped } from './bits.ts';
import { type PictureFacts, readUsability } from './picture-facts.ts';
import { Unsure } from './unsure.ts';

const PROFILES: Record<number, string> = { 1: 'Main', 2: 'Main 10' };
const SPS = 33;
const MAX_SETS = 64;

/** Reads an `hvcC` record. */
export function readHevcConfig(record: Buffer): PictureFacts {
  if (record[0] !== 1) throw new Unsure('another configuration');
  let at = 23;
  for (let array = 0; array < (record[22] ?? 0); array++) {
    const type = record.readUInt8(at) & 0x3f;
    const count = record.readUInt16BE(at + 1);
    if (count > MAX_SETS) throw new Unsure('too many parameter sets');
    at += 3;
    for (let i = 0; i < count; i++) {
      const length = record.readUInt16BE(at);
      const nal = record.subarray(at + 2, at + 2 + length);
      if (type === SPS) return readParameterSet(new Bits(unescaped(nal.subarray(2))));
      at += 2 + length;
    }
  }
  throw new Unsure('no parameter set');
}

function readParameterSet(bits: Bits): PictureFacts {
  bits.skip(4);
  const layers = bits.read(3);
  bits.skip(1);
  const { profile, level } = readProfile(bits, layers);
  bits.ue();
  const chroma = bits.ue();
  if (chroma === 3) throw new Unsure('4:4:4');
  let width = bits.ue();
  let height = bits.ue();
  if (bits.flag()) {
    const [unitX, unitY] = [chroma === 1 || chroma === 2 ? 2 : 1, chroma === 1 ? 2 : 1];
    width -= unitX * (bits.ue() + bits.ue());
    height -= unitY * (bits.ue() + bits.ue());
  }
  const bitDepth = 8 + bits.ue();
  bits.ue();
  const orderBits = bits.ue() + 4;
  for (let i = bits.flag() ? 0 : layers; i <= layers; i++) for (let n = 0; n < 3; n++) bits.ue();
  for (let n = 0; n < 6; n++) bits.ue();
  if (bits.flag() && bits.flag()) skipScalingLists(bits);
  bits.skip(2);
  if (bits.flag()) {
    bits.skip(8);
    bits.ue();
    bits.ue();
    bits.skip(1);
  }
  skipReferenceSets(bits);
  if (bits.flag()) {
    const count = bits.ue();
    if (count > 32) throw new Unsure('too many references');
    bits.skip(count * (orderBits + 1));
  }
  bits.skip(2);
  const usability = bits.flag() ? readUsability(bits) : { sar: null, transfer: null };
  return { codec: 'hevc', profile, level, width, height, bitDepth, ...usability };
}

function readProfile(bits: Bits, layers: number): { profile: string; level: number } {
  bits.skip(3);
  const profile = PROFILES[bits.read(5)];
  if (!profile) throw new Unsure('another HEVC profile');
  bits.skip(32);
  const progressive = bits.flag();
  const interlaced = bits.flag();
  if (interlaced && !progressive) throw new Unsure('interlaced');
  bits.skip(46);
  const level = bits.read(8);
  const present: [boolean, boolean][] = [];
  for (let i = 0; i < layers; i++) present.push([bits.flag(), bits.flag()]);
  if (layers > 0) bits.skip(2 * (8 - layers));
  for (const [profiled, levelled] of present) bits.skip((profiled ? 88 : 0) + (levelled ? 8 : 0));
  return { profile, level };
}

function skipScalingLists(bits: Bits): void {
  for (let size = 0; size < 4; size++) {
    for (let matrix = 0; matrix < 6; matrix += size === 3 ? 3 : 1) {
      if (!bits.flag()) bits.ue();
      else {
        if (size > 1) bits.se();
        for (let i = 0; i < Math.min(64, 16 << (size * 2)); i++) bits.se();
      }
    }
  }
}

/** Short-term reference picture sets: each may be told by the difference to the one before. */
function skipReferenceSets(bits: Bits): void {
  const count = bits.ue();
  if (count > 64) throw new Unsure('too many references');
  let before = 0;
  for (let set = 0; set < count; set++) {
    if (set > 0 && bits.flag()) {
      bits.skip(1);
      bits.ue();
      let kept = 0;
      for (let i = 0; i <= before; i++) {
        const used = bits.flag();
        if (used || bits.flag()) kept++;
      }
      before = kept;
      continue;
    }
    const negative = bits.ue();
    const positive = bits.ue();
    if (negative > 16 || positive > 16) throw new Unsure('too many references');
    for (let i = 0; i < negative + positive; i++) {
      bits.ue();
      bits.skip(1);
    }
    before = negative + positive;
  }
}
