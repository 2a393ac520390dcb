import type { Head } from './head.ts';
import { HeadBytes } from './head-bytes.ts';
import { readMkvHead } from './mkv-head.ts';
import { readMp4Head } from './mp4-head.ts';
import { Unsure } from './unsure.ts';

const EBML = 0x1a45dfa3;

/**
 * Reads the head of an open MP4, MOV or Matroska file in this thread. Null where it is another format or says
 * anything that is not certain to be what ffprobe would say. Throws the file system's error only.
 */
export function readHead(fd: number, size: number, extension: string): Head | null {
  const file = new HeadBytes(fd, size);
  try {
    const start = file.at(0, 8);
    const matroska = start.readUInt32BE(0) === EBML;
    if (extension === 'webm' || !(matroska || start.toString('latin1', 4, 8) === 'ftyp')) return null;
    return matroska ? readMkvHead(file) : readMp4Head(file, extension);
  } catch (error) {
    // A RangeError is a torn structure: a field that points outside of its element.
    if (error instanceof Unsure || error instanceof RangeError) return null;
    throw error;
  }
}
