import { readSync } from 'node:fs';

/** What the first bytes of a file and its outermost boxes say, without reading what is in them. */
export interface FileShape {
  /** It begins as a container of films does. */
  recognised: boolean;
  /** How long the container says it is, where it says so: a shorter file was cut off. */
  expectedSize: number | null;
}

const HEAD_BYTES = 4096;
const MAX_BOXES = 10_000;

/** MP4's boxes that can come first in a file. */
const FIRST_BOXES = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'styp']);
const EBML = Buffer.from([0x1a, 0x45, 0xdf, 0xa3]);
const SEGMENT = Buffer.from([0x18, 0x53, 0x80, 0x67]);
const PROGRAM_STREAM = Buffer.from([0, 0, 1, 0xba]);
const SEQUENCE_HEADER = Buffer.from([0, 0, 1, 0xb3]);
const ASF = Buffer.from([0x30, 0x26, 0xb2, 0x75]);

/** Looks at an open file's outer shape. Throws the file system's error. */
export function shapeOf(fd: number, size: number): FileShape {
  const head = bytesAt(fd, 0, HEAD_BYTES);
  if (head.length >= 8 && FIRST_BOXES.has(head.toString('latin1', 4, 8))) {
    return { recognised: true, expectedSize: endOfBoxes(fd, size) };
  }
  if (head.subarray(0, 4).equals(EBML)) return { recognised: true, expectedSize: endOfSegment(head) };
  return { recognised: isOther(head), expectedSize: null };
}

/** A file may lack this share of what its container announces, as a tail that no player misses. */
const MISSING_SHARE = 0.01;

/** Whether the file ends before what its container announces. */
export function isCutOff({ expectedSize }: FileShape, size: number): boolean {
  return expectedSize !== null && expectedSize - size > expectedSize * MISSING_SHARE;
}

function isOther(head: Buffer): boolean {
  const word = head.toString('latin1', 0, 4);
  const transport = [0, 4].some((at) => head[at] === 0x47 && head[at + (at === 4 ? 192 : 188)] === 0x47);
  const starts = [PROGRAM_STREAM, SEQUENCE_HEADER, ASF].some((mark) => head.subarray(0, 4).equals(mark));
  return transport || starts || ['RIFF', 'OggS', 'fLaC', '.RMF'].includes(word) || /^(?:FLV|ID3)/.test(word);
}

/** End of the last outermost box, which may lie behind the end of the file. Null where the boxes make no sense. */
function endOfBoxes(fd: number, size: number): number | null {
  let at = 0;
  for (let count = 0; count < MAX_BOXES && at + 8 <= size; count++) {
    const header = bytesAt(fd, at, 16);
    const short = header.readUInt32BE(0);
    if (short === 0) return size;
    const length = short === 1 && header.length === 16 ? Number(header.readBigUInt64BE(8)) : short;
    if (length < 8) return null;
    at += length;
  }
  return at;
}

/** End of a Matroska file's one segment; null where it was written without knowing its length. */
function endOfSegment(head: Buffer): number | null {
  const at = head.indexOf(SEGMENT);
  if (at < 0) return null;
  const first = head[at + 4] as number;
  const length = Math.clz32(first) - 23;
  if (length < 1 || length > 8) return null;
  const raw = head.subarray(at + 4, at + 4 + length);
  if (raw.length < length) return null;
  let value = BigInt(first & ((1 << (8 - length)) - 1));
  for (const byte of raw.subarray(1)) value = value * 256n + BigInt(byte);
  const unknown = value === (1n << BigInt(7 * length)) - 1n;
  return unknown ? null : at + 4 + length + Number(value);
}

function bytesAt(fd: number, position: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, position));
}
