import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
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
    expect(await files(3)).toEqual(['c/e1/a/1', 'c/e1/a/3', 'c/e1/a/4']);
    expect(await cache.get('a', '2')).toBeNull();
  });

  it('says where a large one lies instead of reading it', async () => {
    await using cache = openSegmentCache({ dir: join(root, 'c'), maxBytes: 2 ** 30, log });
    const large = bytes(9 * 1024 * 1024, 1);
    cache.put('a', '1', large);
    const path = join(root, ...(await files(1)));
    let found = await cache.get('a', '1');
    while (Buffer.isBuffer(found)) found = await cache.get('a', '1');
    expect(found).toEqual({ path, size: large.length });
    expect((await readFile(path)).equals(large)).toBe(true);
  });

  it('finds again what an earlier process left whole, and removes its halves', async () => {
    const first = openSegmentCache({ dir: join(root, 'c'), maxBytes: 100, log });
    first.put('a', '1', bytes(10, 1));
    first.put('a', '2', bytes(20, 2));
    await first[Symbol.asyncDispose]();
    await writeFile(join(root, 'c', 'e1', 'a', '3.7.part'), 'half of a segm');
    await writeFile(join(root, 'c', 'e1', 'a', '4'), '');
    await mkdir(join(root, 'c', 'e0', 'a'), { recursive: true });
    await writeFile(join(root, 'c', 'e0', 'a', '5'), 'of another edition');
    await using second = openSegmentCache({ dir: join(root, 'c'), maxBytes: 100, log });
    expect(await second.get('a', '2')).toEqual(bytes(20, 2));
    expect(second.size).toBe(30);
    expect([second.has('a', '1'), second.has('a', '4')]).toEqual([true, false]);
    expect(await readdir(join(root, 'c'), { recursive: true })).toEqual(['e1', 'e1/a', 'e1/a/1', 'e1/a/2']);
  });

  it('drops what was used longest ago when it finds more than it may hold', async () => {
    const first = openSegmentCache({ dir: join(root, 'c'), maxBytes: 100, log });
    for (const k of [1, 2, 3]) first.put('a', String(k), bytes(30, k));
    await first[Symbol.asyncDispose]();
    for (const k of [1, 2, 3]) await utimes(join(root, 'c', 'e1', 'a', String(k)), k, k);
    await using second = openSegmentCache({ dir: join(root, 'c'), maxBytes: 70, log });
    second.put('a', '4', bytes(30, 4));
    expect(await second.get('a', '3')).toEqual(bytes(30, 3));
    expect(await files(2)).toEqual(['c/e1/a/3', 'c/e1/a/4']);
    expect(second.size).toBe(60);
  });

  it('forgets a file that someone removed', async () => {
    await using cache = openSegmentCache({ dir: join(root, 'c'), maxBytes: 100, log });
    cache.put('a', '1', bytes(10, 1));
    const [path = ''] = await files(1);
    await rm(join(root, path));
    await expect.poll(() => cache.get('a', '1')).toBeNull();
    expect(cache.size).toBe(0);
  });

  it('has written everything when it is closed', async () => {
    const cache = openSegmentCache({ dir: join(root, 'c'), maxBytes: 100, log });
    cache.put('a', '1', bytes(10, 1));
    await cache[Symbol.asyncDispose]();
    expect(await readFile(join(root, 'c', 'e1', 'a', '1'))).toEqual(bytes(10, 1));
  });
});
