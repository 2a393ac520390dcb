/** A box of ISO 14496-12: its four letters and all its bytes, header included. */
export interface Box {
  type: string;
  bytes: Buffer;
  /** Offset of the payload inside `bytes`. */
  header: number;
}

/** What ffmpeg wrote is not a sequence of boxes. */
export class MalformedBoxes extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'MalformedBoxes';
  }
}

/** One compressed picture at 400 Mbit/s intra-only is 2 MB; nothing honest comes near this. */
const MAX_BOX_BYTES = 64 * 1024 * 1024;

/** Boxes in one box: a film has dozens; eight bytes are enough for one more, and each costs a hundred here. */
const MAX_CHILDREN = 10_000;

/** Cuts a byte stream into top-level boxes as they become whole. Holds at most one unfinished box. */
export class BoxReader {
  #chunks: Buffer[] = [];
  #held = 0;
  /** Bytes that must be held before the next box, or its header, is whole. */
  #needed = 8;

  /** The boxes that became whole with this chunk. Throws MalformedBoxes for garbage. */
  push(chunk: Buffer): Box[] {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#needed) return [];
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#held);
    const boxes: Box[] = [];
    let at = 0;
    for (;;) {
      const head = boxHeader(bytes, at, bytes.length);
      if (head && head.size > MAX_BOX_BYTES) throw new MalformedBoxes(`a box of ${head.size} bytes`);
      if (!head || at + head.size > bytes.length) {
        this.#needed = head?.size ?? (bytes.length - at < 8 ? 8 : 16);
        break;
      }
      boxes.push({ type: head.type, bytes: bytes.subarray(at, at + head.size), header: head.header });
      at += head.size;
    }
    const rest = bytes.subarray(at);
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#held = rest.length;
    return boxes;
  }
}

/** Type, size and header length of the box at `at`; null where too few bytes are there to say. */
export function boxHeader(
  bytes: Buffer,
  at: number,
  end: number,
): { type: string; size: number; header: number } | null {
  if (at + 8 > end) return null;
  const short = bytes.readUInt32BE(at);
  const type = bytes.toString('latin1', at + 4, at + 8);
  if (short !== 1) {
    if (short < 8) throw new MalformedBoxes(`a box of ${short} bytes`);
    return { type, size: short, header: 8 };
  }
  if (at + 16 > end) return null;
  const size = Number(bytes.readBigUInt64BE(at + 8));
  if (size < 16) throw new MalformedBoxes(`a long box of ${size} bytes`);
  return { type, size, header: 16 };
}

/** The boxes inside a box's payload that lies whole in memory. Throws MalformedBoxes where one does not fit. */
export function children(parent: Box, skip = 0): Box[] {
  const boxes: Box[] = [];
  const { bytes } = parent;
  let at = parent.header + skip;
  while (at < bytes.length) {
    const head = boxHeader(bytes, at, bytes.length);
    if (!head || at + head.size > bytes.length) throw new MalformedBoxes(`a torn box inside ${parent.type}`);
    boxes.push({ type: head.type, bytes: bytes.subarray(at, at + head.size), header: head.header });
    if (boxes.length > MAX_CHILDREN) throw new MalformedBoxes(`boxes without end inside ${parent.type}`);
    at += head.size;
  }
  return boxes;
}

/** The first box below `parent` along a path of types, or null. */
export function descend(parent: Box, path: readonly string[]): Box | null {
  let at: Box | null = parent;
  for (const type of path) {
    if (at === null) return null;
    at = children(at).find((box) => box.type === type) ?? null;
  }
  return at;
}
