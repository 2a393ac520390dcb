import { Bits, unescaped } from './bits.ts';
import { type PictureFacts, readUsability } from './picture-facts.ts';
import { Unsure } from './unsure.ts';

const PROFILES: Record<number, string> = {
  77: 'Main',
  88: 'Extended',
  100: 'High',
  110: 'High 10',
  122: 'High 4:2:2',
  244: 'High 4:4:4 Predictive',
};
const WITH_CHROMA = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const BASELINE = 66;
/** Constraint flags as they stand in the byte behind the profile. */
const CONSTRAINT_1 = 0x40;
const CONSTRAINT_3 = 0x10;

/** Reads an `avcC` record. Interlaced pictures are left to ffprobe: only the slices tell how they are coded. */
export function readAvcConfig(record: Buffer): PictureFacts {
  if (record[0] !== 1 || ((record[5] ?? 0) & 0x1f) === 0) throw new Unsure('no parameter set');
  const length = record.readUInt16BE(6);
  const nal = record.subarray(8, 8 + length);
  if (length < 4 || nal.length < length || ((nal[0] as number) & 0x1f) !== 7) throw new Unsure('no parameter set');
  return readParameterSet(new Bits(unescaped(nal.subarray(1))));
}

function readParameterSet(bits: Bits): PictureFacts {
  const profile = bits.read(8);
  const constraints = bits.read(8);
  const level = bits.read(8);
  if (level === 11 && constraints & CONSTRAINT_3) throw new Unsure('level 1b');
  bits.ue();
  let chroma = 1;
  let bitDepth = 8;
  if (WITH_CHROMA.has(profile)) {
    chroma = bits.ue();
    if (chroma === 3 && bits.flag()) throw new Unsure('separate planes');
    bitDepth = 8 + bits.ue();
    bits.ue();
    bits.skip(1);
    if (bits.flag()) skipScalingLists(bits, chroma === 3 ? 12 : 8);
  }
  bits.ue();
  skipPictureOrder(bits);
  bits.ue();
  bits.skip(1);
  const columns = bits.ue() + 1;
  const rows = bits.ue() + 1;
  if (!bits.flag()) throw new Unsure('perhaps interlaced');
  bits.skip(1);
  const crop = bits.flag() ? [bits.ue(), bits.ue(), bits.ue(), bits.ue()] : [0, 0, 0, 0];
  const [unitX, unitY] = [chroma === 1 || chroma === 2 ? 2 : 1, chroma === 1 ? 2 : 1];
  const [left, right, top, bottom] = crop as [number, number, number, number];
  const usability = bits.flag() ? readUsability(bits) : { sar: null, transfer: null };
  return {
    codec: 'h264',
    profile: profileName(profile, constraints),
    level,
    width: columns * 16 - (left + right) * unitX,
    height: rows * 16 - (top + bottom) * unitY,
    bitDepth,
    ...usability,
  };
}

function profileName(profile: number, constraints: number): string {
  if (profile === BASELINE) return constraints & CONSTRAINT_1 ? 'Constrained Baseline' : 'Baseline';
  const name = PROFILES[profile];
  if (!name || (profile >= 110 && constraints & CONSTRAINT_3)) throw new Unsure(`H.264 profile ${profile}`);
  return name;
}

function skipPictureOrder(bits: Bits): void {
  const type = bits.ue();
  if (type === 0) bits.ue();
  if (type !== 1) return;
  bits.skip(1);
  bits.se();
  bits.se();
  const cycle = bits.ue();
  if (cycle > 255) throw new Unsure('a cycle without end');
  for (let i = 0; i < cycle; i++) bits.se();
}

function skipScalingLists(bits: Bits, count: number): void {
  for (let i = 0; i < count; i++) {
    if (!bits.flag()) continue;
    let last = 8;
    let next = 8;
    for (let j = 0; j < (i < 6 ? 16 : 64); j++) {
      if (next !== 0) next = (last + bits.se() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}
