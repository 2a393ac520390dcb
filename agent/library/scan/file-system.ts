import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';

/** What a walk asks of the disk: an interface of its own, so that failing disks can be had without one. */
export interface FileSystem {
  /** Names as bytes: a name need not be text. */
  list(path: string): Promise<Dirent<Buffer>[]>;
  /** Follows symbolic links. */
  stat(
    path: string,
  ): Promise<Pick<Stats, 'size' | 'mtimeMs' | 'dev' | 'ino'> & { isFile(): boolean; isDirectory(): boolean }>;
  realpath(path: string): Promise<string>;
}

export const DISK: FileSystem = {
  list: (path) => readdir(path, { withFileTypes: true, encoding: 'buffer' }),
  stat: (path) => stat(path),
  realpath: (path) => realpath(path),
};

/** `ENOENT` and its like; null for what is no error of the system's. */
export function errorCodeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The file or folder is not there (any more). */
export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errorCodeOf(error) ?? '');
