import { createHash, type Hash } from 'node:crypto';
import { readSync } from 'node:fs';

const END_BYTES = 64 * 1024;
const SAMPLES = 8;
const SAMPLE_BYTES = 16 * 1024;
const WHOLE_BYTES = END_BYTES * 2 + SAMPLES * SAMPLE_BYTES;

/** One for all files: the thread reads one at a time, and 100,000 buffers would outrun the collector. */
const scratch = Buffer.alloc(WHOLE_BYTES);

/**
 * Content fingerprint of an open file: the first 128 bits, in hex, of SHA-256 over the size, the first and last
 * 64 KB and eight samples of 16 KB spread evenly between. Reads at most 256 KB of any file. Blocks while the disk
 * works; throws the file system's error.
 */
export function fingerprintOf(fd: number, size: number): string {
  const hash = begun(size);
  for (const [start, length] of pieces(size)) {
    hash.update(scratch.subarray(0, readSync(fd, scratch, 0, length, start)));
  }
  return digest(hash);
}

/** The same of bytes that come from elsewhere. `read` gives `length` bytes at `start`; throws what it throws. */
export async function fingerprintBy(
  size: number,
  read: (start: number, length: number) => Promise<Uint8Array>,
): Promise<string> {
  const hash = begun(size);
  for (const [start, length] of pieces(size)) hash.update(await read(start, length));
  return digest(hash);
}

const begun = (size: number) => createHash('sha256').update(`hearthcast-1:${size}:`);

const digest = (hash: Hash) => hash.digest('hex').slice(0, 32);

/** Where the fingerprint looks, in order. */
function pieces(size: number): [start: number, length: number][] {
  if (size <= WHOLE_BYTES) return size === 0 ? [] : [[0, size]];
  const between = Array.from({ length: SAMPLES }, (_, i): [number, number] => [
    Math.floor((size * (i + 1)) / (SAMPLES + 1)),
    SAMPLE_BYTES,
  ]);
  return [[0, END_BYTES], ...between, [size - END_BYTES, END_BYTES]];
}
