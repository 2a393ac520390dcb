import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSegmentCache } from './segment-cache.ts';

const log = pino({ level: 'silent' });
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hearthcast-cache-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const bytes = (size: number, value: number) => Buffer.alloc(size, value);

/** Every file below a folder, once there are this many. */
async function files(count: number): Promise<string[]> {
  for (;;) {
    const entries = await readdir(root, { recursive: true }).catch(() => []);
    const found = entries.filter((name) => /\/\d+$/.test(name)).sort();
    if (found.length === count) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('the segment cache', () => {
  it('gives back what was put, at once and from the disk', async () => {
    await using cache = openSegmentCache({ dir: join(root, 'c'), maxBytes: 1000, log });
    cache.put('a', '1', bytes(10, 7));
    expect(await cache.get('a', '1')).toEqual(bytes(10, 7));
    await files(1);
    expect(await cache.get('a', '1')).toEqual(bytes(10, 7));
    expect(await cache.get('a', '2')).toBeNull();
    expect([cache.has('a', '1'), cache.has('a', '2')]).toEqual([true, false]);
  });

  it('drops what was used longest ago when it is full', async () => {
    await using cache = openSegmentCache({ dir: join(root, 'c'), maxBytes: 100, log });
    for (const k of [1, 2, 3]) cache.put('a', String(k), bytes(30, k));
    await cache.get('a', '1');
    cache.put('a', '4', bytes(30, 4));
    expect(cache.size).toBe(90);
    expect(await files(3)).toEqual(['c/a/1', 'c/a/3', 'c/a/4']);
    expect(await cache.get('a', '2')).toBeNull();
  });

  it('says where a large one lies instead of reading it', async () => {
    await using cache = openSegmentCache({ dir: join(root, 'c'), maxBytes: 2 ** 30, log });
    const large = bytes(9 * 1024 * 1024, 1);
    cache.put('a', '1', large);
    const path = join(root, ...(await files(1)));
    await expect.poll(() => cache.get('a', '1')).toEqual({ path, size: large.length });
    expect(await readFile(path)).toEqual(large);
  });

  it('begins empty, whatever a process before it left', async () => {
    await mkdir(join(root, 'c', 'old'), { recursive: true });
    await writeFile(join(root, 'c', 'old', '1'), 'half of a segm');
    await using cache = openSegmentCache({ dir: join(root, 'c'), maxBytes: 100, log });
    cache.put('a', '1', bytes(10, 1));
    await expect.poll(() => files(1)).toEqual(['c/a/1']);
    expect(await cache.get('old', '1')).toBeNull();
  });

  it('forgets a file that someone removed', async () => {
    await using cache = openSegmentCache({ dir: join(root, 'c'), maxBytes: 100, log });
    cache.put('a', '1', bytes(10, 1));
    const [path = ''] = await files(1);
    await rm(join(root, path));
    await expect.poll(() => cache.get('a', '1')).toBeNull();
    expect(cache.size).toBe(0);
  });

  it('leaves nothing behind', async () => {
    const cache = openSegmentCache({ dir: join(root, 'c'), maxBytes: 100, log });
    cache.put('a', '1', bytes(10, 1));
    await cache[Symbol.asyncDispose]();
    expect(await readdir(root)).toEqual([]);
  });
});
