import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLibrary } from '../../agent/library/library.ts';
import { FolderWatch } from '../../agent/library/watch/folder-watch.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import { binaries, MediaTree, SILENT } from './media-tree.ts';

let tree: MediaTree;

beforeAll(async () => {
  tree = await MediaTree.make();
});
afterAll(() => tree[Symbol.asyncDispose]());

async function folders(root: string, names: string[]): Promise<string> {
  for (const name of names) await mkdir(join(tree.at(root), name), { recursive: true });
  return tree.at(root);
}

test('a watch of every folder is ok and tells of a change in each', async () => {
  const path = await folders('all', ['A', 'A/B']);
  let changes = 0;
  using watch = new FolderWatch(path, () => changes++);
  expect(watch.health).toBe('polling');
  watch.follow(['', 'A', 'A/B'], 0);
  expect(watch.health).toBe('ok');
  await writeFile(join(path, 'A/B/new.mp4'), 'x');
  await expect.poll(() => changes).toBeGreaterThan(0);
});

test('more folders than may be watched leave the rest to the periodic scan, and say so', async () => {
  const path = await folders('many', ['A', 'B', 'C']);
  using watch = new FolderWatch(path, () => {}, 2);
  watch.follow(['', 'A', 'B', 'C'], 0);
  expect(watch.health).toBe('polling');
  watch.follow(['', 'A'], 0);
  expect(watch.health).toBe('ok');
});

test('a root that cannot be watched at all has failed, and is ok again when it can', async () => {
  const path = await folders('gone', []);
  using watch = new FolderWatch(path, () => {});
  watch.follow([''], 0);
  expect(watch.health).toBe('failed');
  await mkdir(path);
  watch.follow([''], 0);
  expect(watch.health).toBe('ok');
});

test('a network share is watched as well as it can be, and says that the periodic scan is what finds the rest', async () => {
  const path = await folders('share', ['A']);
  using watch = new FolderWatch(
    path,
    () => {},
    10,
    () => true,
  );
  watch.follow(['', 'A'], 0);
  expect(watch.health).toBe('polling');
});

test('everything is looked at again by the clock, whatever watching says', async () => {
  const path = await folders('clock', ['A']);
  const triggers: (string | undefined)[] = [];
  await using library = await openLibrary({
    ...{ roots: [{ path, library: 'Films', followLinks: false }], dataDir: tree.at('clock-data') },
    ...{ binaries: await binaries(), log: SILENT, signal: AbortSignal.timeout(50_000), rescanMs: 300 },
    onEvent: (event) => event.kind === 'scan.progress' && triggers.push(event.run?.trigger),
  });
  await expect.poll(() => triggers).toContain('timer');
  expect(triggers[0]).toBe('start');
  // What the edge says of other folders leaves this one at its own time.
  library.rescan({ elsewhere: 5 });
  triggers.length = 0;
  await expect.poll(() => triggers).toContain('timer');
});

test('the edge is told how a root is watched, and of the change', async () => {
  const path = await folders('live', ['Film (2020)']);
  await tree.put('live/Film (2020)/Film (2020).mp4');
  const events: AgentEvent[] = [];
  await using library = await openLibrary({
    ...{ roots: [{ path, library: 'Films', followLinks: false }], dataDir: tree.at('live-data') },
    ...{ binaries: await binaries(), log: SILENT, signal: AbortSignal.timeout(50_000) },
    onEvent: (event) => events.push(event),
  });
  await library.idle();
  expect(library.roots()).toMatchObject([{ state: 'ok', watch: 'ok' }]);
  expect(library.status()).toMatchObject([{ watch: 'ok' }]);
  expect(events.findLast((event) => event.kind === 'roots')).toMatchObject({ roots: [{ watch: 'ok' }] });
});

test('a full scan looks into folders that seem unchanged, a usual one does not', async () => {
  const path = await folders('full', ['Film (2020)']);
  await tree.put('full/Film (2020)/Film (2020).mp4');
  const scanned: AgentEvent[] = [];
  const log = Object.assign(Object.create(SILENT), { info: (fields: AgentEvent) => scanned.push(fields) });
  await using library = await openLibrary({
    ...{ roots: [{ path, library: 'Films', followLinks: false }], dataDir: tree.at('full-data') },
    ...{ binaries: await binaries(), log, signal: AbortSignal.timeout(50_000), onEvent() {}, watch: false },
  });
  for (const full of [false, false, true]) {
    library.scan(null, { full });
    await library.idle();
  }
  expect(scanned.map((fields) => (fields as { looked?: number }).looked)).toEqual([2, 0, 2]);
});

test('a tree that goes away while it is watched ends in nothing worse than another look', async () => {
  const path = await folders('leaving', ['A']);
  let changes = 0;
  using watch = new FolderWatch(path, () => changes++);
  watch.follow(['', 'A'], 0);
  await rm(path, { recursive: true });
  await expect.poll(() => changes).toBeGreaterThan(0);
  watch.follow(['', 'A'], 0);
  expect(watch.health).toBe('failed');
});
