import { readSync } from 'node:fs';
import { Unsure } from './unsure.ts';

/** Sample tables of a film of ten hours take some 20 MB; whoever claims more wants the memory. */
const MAX_HEAD_BYTES = 48 * 1024 * 1024;

/** Most heads lie in the first bytes: one read serves them all. */
const WINDOW_BYTES = 32 * 1024;

/** One for all files, as the thread reads one at a time: what is taken from it is copied. */
const window = Buffer.alloc(WINDOW_BYTES);

/** An open file, read here and there and never as a whole. Throws the file system's error, and Unsure past its limits. */
export class HeadBytes {
  readonly size: number;
  readonly #fd: number;
  #windowAt = 0;
  #windowEnd = 0;
  #budget = MAX_HEAD_BYTES;

  constructor(fd: number, size: number) {
    this.#fd = fd;
    this.size = size;
  }

  /** Exactly these bytes, or Unsure where the file ends before. */
  at(offset: number, length: number): Buffer {
    if (!(offset >= 0) || !(length >= 0) || offset + length > this.size) throw new Unsure('bytes outside the file');
    if (offset < this.#windowAt || offset + length > this.#windowEnd) {
      this.#budget -= length;
      if (this.#budget < 0) throw new Unsure('a head without end');
      if (length > WINDOW_BYTES) return this.#fill(Buffer.allocUnsafe(length), offset);
      this.#windowEnd = 0;
      this.#fill(window.subarray(0, Math.min(WINDOW_BYTES, this.size - offset)), offset);
      this.#windowAt = offset;
      this.#windowEnd = Math.min(offset + WINDOW_BYTES, this.size);
    }
    return Buffer.from(window.subarray(offset - this.#windowAt, offset - this.#windowAt + length));
  }

  #fill(buffer: Buffer, offset: number): Buffer {
    let filled = 0;
    while (filled < buffer.length) {
      const read = readSync(this.#fd, buffer, filled, buffer.length - filled, offset + filled);
      if (read === 0) throw new Unsure('the file has shrunk');
      filled += read;
    }
    return buffer;
  }
}
