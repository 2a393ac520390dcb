import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
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
  /** Resolves once what an earlier process left is known; never rejects. */
  readonly ready: Promise<void>;
  /** Keeps bytes; they can be had at once. */
  put(folder: string, name: string, bytes: Buffer): void;
  /** Bytes that it holds. */
  readonly size: number;
}

/** What is kept is made by this edition of the program; another's segments may not fit beside it. */
const EDITION = 'e1';
const NAMES = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Opens a cache in `dir`, which belongs to it. What an earlier process left whole is found again in the background,
 * and the rest removed. `folder` and `name` are made by this program (hex and numbers), never by a client.
 */
export function openSegmentCache(options: { dir: string; maxBytes: number; log: Logger }): SegmentCache {
  const { maxBytes, log } = options;
  const dir = join(options.dir, EDITION);
  // A Map keeps its order of insertion: the first entry is the one that was used longest ago.
  const entries = new Map<string, Entry>();
  const folders = new Set<string>();
  const writes = new Set<Promise<void>>();
  let size = 0;
  let parts = 0;
  const found = leftover(options.dir).then(
    (left) => {
      // Whatever was put or used meanwhile is newer.
      const newer = [...entries];
      entries.clear();
      for (const { key, size: bytes } of left) {
        if (newer.some(([known]) => known === key)) continue;
        entries.set(key, { size: bytes, bytes: null });
        size += bytes;
      }
      for (const [key, entry] of newer) entries.set(key, entry);
      shrink(null);
    },
    (error: unknown) => log.warn({ err: error }, 'the segment cache cannot be read'),
  );

  const shrink = (keep: string | null) => {
    for (const oldest of entries.keys()) {
      if (size <= maxBytes || oldest === keep) break;
      drop(oldest);
    }
  };
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
    await found;
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
      if (!entries.has(key)) await found;
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
    ready: found,
    put(folder, name, bytes) {
      const key = join(folder, name);
      // The same segment again is the same bytes: the first stays.
      if (entries.has(key)) return;
      const entry: Entry = { size: bytes.length, bytes };
      entries.set(key, entry);
      size += entry.size;
      shrink(key);
      background(write(folder, name, entry, bytes));
    },
    get size() {
      return size;
    },
    async [Symbol.asyncDispose]() {
      await found;
      while (writes.size > 0) await Promise.all(writes);
    },
  };
}

/** The whole files below `root`, least recently used first; halves and what other editions left are removed. */
async function leftover(root: string): Promise<{ key: string; size: number }[]> {
  const found: { key: string; size: number; usedAt: number }[] = [];
  for (const edition of await listed(root)) {
    if (edition !== EDITION) await rm(join(root, edition), { recursive: true, force: true });
  }
  for (const folder of await listed(join(root, EDITION))) {
    for (const name of await listed(join(root, EDITION, folder))) {
      const path = join(root, EDITION, folder, name);
      const file = NAMES.test(folder) && NAMES.test(name) ? await stat(path).catch(() => null) : null;
      // A power cut leaves files with a name and nothing in them.
      if (!file?.isFile() || file.size === 0) await rm(path, { recursive: true, force: true });
      else found.push({ key: join(folder, name), size: file.size, usedAt: Math.max(file.atimeMs, file.mtimeMs) });
    }
  }
  return found.sort((a, b) => a.usedAt - b.usedAt);
}

async function listed(dir: string): Promise<string[]> {
  return readdir(dir).catch(() => []);
}
