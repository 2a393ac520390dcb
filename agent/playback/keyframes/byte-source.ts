import type { FileHandle } from 'node:fs/promises';

/** A file read piecemeal, with a limit on the whole. */
export interface ByteSource {
  readonly size: number;
  /** The bytes at `offset`, fewer at the end of the file. Throws UnreadableIndex past the limit. */
  read(offset: number, length: number): Promise<Buffer>;
}

/** The index of this file cannot be read by its own reader: not broken, only unknown. */
export class UnreadableIndex extends Error {
  constructor(detail: string) {
    super(detail);
    this.name = 'UnreadableIndex';
  }
}

/** Ten hours in which every picture is a keyframe, at 60 frames a second. */
export const MAX_KEYFRAMES = 2_200_000;

/** The index of a film of ten hours is some MB; more is a trap. */
const MAX_INDEX_BYTES = 128 * 1024 * 1024;

export function byteSource(handle: FileHandle, size: number): ByteSource {
  let read = 0;
  return {
    size,
    async read(offset, length) {
      if (offset < 0 || offset > size || !Number.isSafeInteger(offset)) throw new UnreadableIndex('an offset outside');
      const wanted = Math.min(length, size - offset);
      read += wanted;
      if (!(wanted >= 0) || read > MAX_INDEX_BYTES) throw new UnreadableIndex('an index without end');
      const buffer = Buffer.allocUnsafe(wanted);
      let filled = 0;
      while (filled < wanted) {
        const { bytesRead } = await handle.read(buffer, filled, wanted - filled, offset + filled);
        if (bytesRead === 0) throw new UnreadableIndex('the file has shrunk');
        filled += bytesRead;
      }
      return buffer;
    },
  };
}
