import type { HeadBytes } from './head-bytes.ts';
import { Unsure } from './unsure.ts';

export interface Box {
  type: string;
  payload: Buffer;
}

const MAX_TOP_BOXES = 200;
const MAX_CHILDREN = 5000;

/** The `moov` of an MP4, wherever in the file it lies; everything else is passed over unread. */
export function findMoov(file: HeadBytes): Buffer {
  let at = 0;
  for (let i = 0; i < MAX_TOP_BOXES && at + 8 <= file.size; i++) {
    const head = file.at(at, Math.min(16, file.size - at));
    const short = head.readUInt32BE(0);
    const type = head.toString('latin1', 4, 8);
    const [header, size] = short === 1 ? [16, Number(head.readBigUInt64BE(8))] : [8, short || file.size - at];
    if (size < header) throw new Unsure('a box without size');
    if (type === 'moof') throw new Unsure('fragments');
    if (type === 'moov') return file.at(at + header, size - header);
    at += size;
  }
  throw new Unsure('no moov');
}

/** The boxes in a payload. Throws Unsure where one is torn. */
export function boxesIn(payload: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at + 8 <= payload.length; ) {
    const short = payload.readUInt32BE(at);
    // A terminator of four zero bytes, which QuickTime puts behind user data.
    if (short === 0) break;
    const [header, size] = short === 1 ? [16, Number(payload.readBigUInt64BE(at + 8))] : [8, short];
    if (size < header || at + size > payload.length) throw new Unsure('a torn box');
    boxes.push({ type: payload.toString('latin1', at + 4, at + 8), payload: payload.subarray(at + header, at + size) });
    if (boxes.length > MAX_CHILDREN) throw new Unsure('too many boxes');
    at += size;
  }
  return boxes;
}

/** The first box of a type below a path of types. */
export function boxAt(payload: Buffer, ...path: string[]): Buffer | null {
  let at: Buffer | null = payload;
  for (const type of path) at = (at && boxesIn(at).find((box) => box.type === type)?.payload) ?? null;
  return at;
}

export function needBox(payload: Buffer, ...path: string[]): Buffer {
  const box = boxAt(payload, ...path);
  if (!box) throw new Unsure(`no ${path.join('/')}`);
  return box;
}
