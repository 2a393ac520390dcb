import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type FileShape, shapeOf } from '../probe/file-shape.ts';
import { fingerprintOf } from '../probe/fingerprint.ts';
import type { Head } from '../probe/head/head.ts';
import { readHead } from '../probe/head/read-head.ts';

/** What reading a film's head gave. */
export interface Content {
  fingerprint: string;
  shape: FileShape;
  /** Null where only ffprobe can tell. */
  head: Head | null;
  /** The file after it was read: another size or time means that it was being written meanwhile. */
  size: number;
  mtimeMs: number;
}

/** Reads a film of this size. Blocks while the disk works; throws the file system's error. */
export function readContent(path: string, size: number): Content {
  const fd = openSync(path, 'r');
  try {
    const head = readHead(fd, size, extname(path).slice(1).toLowerCase());
    const fingerprint = fingerprintOf(fd, size);
    const shape = shapeOf(fd, size);
    const now = fstatSync(fd);
    return { fingerprint, shape, head, size: now.size, mtimeMs: Math.floor(now.mtimeMs) };
  } finally {
    closeSync(fd);
  }
}

/** A picture's name: the first 128 bits of SHA-256 over its content, in hex. Throws the file system's error. */
export function readPicture(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 32);
}
