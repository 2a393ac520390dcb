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
  const hash = createHash('sha256').update(`hearthcast-1:${size}:`);
  if (size <= WHOLE_BYTES) return digest(hash.update(slice(fd, 0, size)));
  hash.update(slice(fd, 0, END_BYTES));
  for (let i = 1; i <= SAMPLES; i++) hash.update(slice(fd, Math.floor((size * i) / (SAMPLES + 1)), SAMPLE_BYTES));
  return digest(hash.update(slice(fd, size - END_BYTES, END_BYTES)));
}

const digest = (hash: Hash) => hash.digest('hex').slice(0, 32);

/** Good until the next one is read. */
function slice(fd: number, position: number, length: number): Buffer {
  return scratch.subarray(0, readSync(fd, scratch, 0, length, position));
}
