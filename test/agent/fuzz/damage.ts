import { below, one, type Random } from './seeded.ts';

/** Damages of one file; each looks like what a bad disk, a broken download or a bad mind makes. */
const DAMAGES: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  flipped,
  flipped,
  sized,
  sized,
  cut,
  doubled,
  holed,
  swapped,
];

/** A copy of a container's bytes with one to four damages. */
export function damaged(whole: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(whole);
  for (let left = 1 + below(random, 4); left > 0 && bytes.length > 16; left--)
    bytes = one(random, DAMAGES)(bytes, random);
  return bytes;
}

/** Where a container describes itself: mostly at its ends, sometimes anywhere. */
function place(bytes: Buffer, random: Random): number {
  const near = below(random, Math.min(4096, bytes.length));
  return one(random, [near, bytes.length - 1 - near, below(random, bytes.length)]);
}

function flipped(bytes: Buffer, random: Random): Buffer {
  for (let left = 1 + below(random, 12); left > 0; left--) {
    const at = place(bytes, random);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
  }
  return bytes;
}

/** Boxes of MP4 whose sizes and counts lead a reader on. */
const BOXES =
  'moov trak mdia minf stbl stts stss ctts stsz stsc stco co64 elst mvhd mdhd trex moof traf trun tfhd tfdt mdat'.split(
    ' ',
  );
/** Elements of Matroska, without what follows. */
const ELEMENTS = [
  '18538067',
  '114d9b74',
  '4dbb',
  '1549a966',
  '1654ae6b',
  'ae',
  '1c53bb6b',
  'bb',
  'b7',
  '1f43b675',
  'a3',
];
const EXTREMES = [0, 1, 2, 7, 8, 9, 16, 0xff, 0xffff, 0x7fff_fff8, 0x7fff_ffff, 0xffff_fff0, 0xffff_ffff];

/** A size or count beside a name becomes zero, tiny or huge. */
function sized(bytes: Buffer, random: Random): Buffer {
  const mp4 = bytes.toString('latin1', 4, 8) === 'ftyp' || bytes.toString('latin1', 4, 8) === 'styp';
  const name = mp4 ? Buffer.from(one(random, BOXES), 'latin1') : Buffer.from(one(random, ELEMENTS), 'hex');
  const from = below(random, bytes.length);
  const found = bytes.indexOf(name, random() < 0.7 ? 0 : from);
  if (found < 0) return bytes;
  // Its size is before a box's name, and the count of its entries behind version and flags.
  const at = mp4 ? found + one(random, [-4, -4, 8, 12]) : found + name.length;
  if (at < 0 || at + 8 > bytes.length) return bytes;
  if (mp4) bytes.writeUInt32BE(one(random, EXTREMES), at);
  else
    Buffer.from(
      one(random, ['80', 'ff', '01ffffffffffffff', '0100000000000000', '017fffffffffffff', '4001', 'fe']),
      'hex',
    ).copy(bytes, at);
  return bytes;
}

function cut(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, below(random, bytes.length));
}

/** A piece comes twice: boxes within themselves, tables with more than they say. */
function doubled(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random);
  const piece = bytes.subarray(from, from + 1 + below(random, 2000));
  const at = place(bytes, random);
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
}

function holed(bytes: Buffer, random: Random): Buffer {
  const from = place(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + below(random, 500))]);
}

function swapped(bytes: Buffer, random: Random): Buffer {
  const [a, b] = [place(bytes, random), place(bytes, random)];
  const length = 1 + below(random, 64);
  const piece = Buffer.from(bytes.subarray(a, a + length));
  bytes.copy(bytes, a, b, b + length);
  piece.copy(bytes, b);
  return bytes;
}
