import { closeSync, type Dirent, openSync, readdirSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';

/** What a walk asks of the disk: an interface of its own, so that failing disks can be had without one. */
export interface FileSystem {
  /** Names as bytes: a name need not be text. */
  list(path: string): Dirent<Buffer>[];
  /** Follows symbolic links. */
  stat(path: string): Stats;
  realpath(path: string): string;
  /** The first bytes of a file as text. */
  text(path: string, bytes: number): string;
}

/** Answers at once and blocks meanwhile: for the reading thread only. */
export const DISK: FileSystem = {
  list: (path) => readdirSync(path, { withFileTypes: true, encoding: 'buffer' }),
  stat: (path) => statSync(path),
  realpath: (path) => realpathSync.native(path),
  text(path, bytes) {
    const fd = openSync(path, 'r');
    try {
      const buffer = Buffer.alloc(bytes);
      return buffer.toString('utf8', 0, readSync(fd, buffer, 0, bytes, 0));
    } finally {
      closeSync(fd);
    }
  },
};

/** `ENOENT` and its like; null for what is no error of the system's. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The file or folder is not there (any more). */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error) ?? '');
