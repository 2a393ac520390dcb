import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';

/** Larger ones are read by the link in slices instead of into memory. */
const MAX_IN_MEMORY_BYTES = 8 * 1024 * 1024;

interface Entry {
  size: number;
  /** Until the file is written. */
  bytes: Buffer | null;
}

/** Segments on disk, up to a number of bytes; what was used longest ago goes first. */
export interface SegmentCache extends AsyncDisposable {
  /** The bytes, or where a large one lies; null where it is not. Counts as a use. */
  get(folder: string, name: string): Promise<Buffer | { path: string; size: number } | null>;
  has(folder: string, name: string): boolean;
  /** Keeps bytes; they can be had at once. */
  put(folder: string, name: string, bytes: Buffer): void;
  /** Bytes that it holds. */
  readonly size: number;
}

/**
 * Opens an empty cache in `dir`, which belongs to it: what a process before left there is removed, since only
 * memory knows what is whole. `folder` and `name` are made by this program (hex and numbers), never by a client.
 */
export function openSegmentCache(options: { dir: string; maxBytes: number; log: Logger }): SegmentCache {
  const { dir, maxBytes, log } = options;
  const emptied = rm(dir, { recursive: true, force: true });
  // A Map keeps its order of insertion: the first entry is the one that was used longest ago.
  const entries = new Map<string, Entry>();
  const folders = new Set<string>();
  const writes = new Set<Promise<void>>();
  // Whoever writes first meets the failure; before that it is nobody's.
  emptied.catch(() => {});
  let size = 0;
  let parts = 0;

  const drop = (key: string) => {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    size -= entry.size;
    if (entry.bytes === null) background(rm(join(dir, key), { force: true }));
  };
  const background = (work: Promise<unknown>) => {
    const tracked = work.then(
      () => {},
      (error: unknown) => log.warn({ err: error }, 'the segment cache cannot write'),
    );
    writes.add(tracked);
    void tracked.then(() => writes.delete(tracked));
  };
  const write = async (folder: string, name: string, entry: Entry, bytes: Buffer) => {
    const key = join(folder, name);
    await emptied;
    if (!folders.has(folder)) await mkdir(join(dir, folder), { recursive: true, mode: 0o700 });
    folders.add(folder);
    const file = join(dir, key);
    const part = `${file}.${++parts}.part`;
    try {
      await writeFile(part, bytes);
      await rename(part, file);
    } catch (error) {
      await rm(part, { force: true }).catch(() => {});
      if (entries.get(key) === entry) drop(key);
      throw error;
    }
    entry.bytes = null;
    if (entries.get(key) !== entry && !entries.has(key)) await rm(file, { force: true });
  };

  return {
    async get(folder, name) {
      const key = join(folder, name);
      const entry = entries.get(key);
      if (!entry) return null;
      entries.delete(key);
      entries.set(key, entry);
      if (entry.bytes) return entry.bytes;
      const path = join(dir, key);
      if (entry.size > MAX_IN_MEMORY_BYTES) return { path, size: entry.size };
      try {
        return await readFile(path);
      } catch {
        // Someone cleaned the folder under us, or it was evicted a moment ago: it is made again.
        if (entries.get(key) === entry) drop(key);
        return null;
      }
    },
    has: (folder, name) => entries.has(join(folder, name)),
    put(folder, name, bytes) {
      const key = join(folder, name);
      // The same segment again is the same bytes: the first stays.
      if (entries.has(key)) return;
      const entry: Entry = { size: bytes.length, bytes };
      entries.set(key, entry);
      size += entry.size;
      for (const oldest of entries.keys()) {
        if (size <= maxBytes || oldest === key) break;
        drop(oldest);
      }
      background(write(folder, name, entry, bytes));
    },
    get size() {
      return size;
    },
    async [Symbol.asyncDispose]() {
      while (writes.size > 0) await Promise.all(writes);
      await emptied.catch(() => {});
      await rm(dir, { recursive: true, force: true });
    },
  };
}
