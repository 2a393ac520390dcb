import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';

const END_BYTES = 64 * 1024;
const SAMPLES = 8;
const SAMPLE_BYTES = 16 * 1024;

/**
 * Content fingerprint: the first 128 bits, in hex, of SHA-256 over the size, the first and last 64 KB and eight
 * samples of 16 KB spread evenly between. Reads at most 256 KB of any file.
 * Rejects with the file system's error.
 */
export async function fingerprintOf(path: string, size: number): Promise<string> {
  const hash = createHash('sha256').update(`hearthcast-1:${size}:`);
  const file = await open(path, 'r');
  try {
    if (size <= END_BYTES * 2 + SAMPLES * SAMPLE_BYTES) {
      hash.update(await slice(file, 0, size));
    } else {
      hash.update(await slice(file, 0, END_BYTES));
      for (let i = 1; i <= SAMPLES; i++) {
        hash.update(await slice(file, Math.floor((size * i) / (SAMPLES + 1)), SAMPLE_BYTES));
      }
      hash.update(await slice(file, size - END_BYTES, END_BYTES));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex').slice(0, 32);
}

async function slice(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
