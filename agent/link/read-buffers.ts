/**
 * Large enough that a read's round trip to the thread pool is small beside it, small enough that two of them
 * and what the kernel copies stay in a processor's cache.
 */
export const READ_BYTES = 512 * 1024;

/** Buffers that are kept while nobody reads. */
const MAX_IDLE = 16;

/**
 * Buffers for reading files, used again and again: a new one for each read costs as much processor time in
 * zeroed pages as the read itself.
 */
export class ReadBuffers {
  readonly #idle: Buffer[] = [];

  take(): Buffer {
    return this.#idle.pop() ?? Buffer.allocUnsafeSlow(READ_BYTES);
  }

  /** Nothing may read or write it any more. One that is not given back is merely collected. */
  giveBack(buffer: Buffer): void {
    if (this.#idle.length < MAX_IDLE) this.#idle.push(buffer);
  }
}
