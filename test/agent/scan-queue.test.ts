import { mkdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLibrary } from '../../agent/library/library.ts';
import type { Root } from '../../agent/library/roots.ts';
import { scanOrder } from '../../agent/library/scan-order.ts';
import { ScanQueue } from '../../agent/library/scan-queue.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import { binaries, MediaTree, SILENT } from './media-tree.ts';

let tree: MediaTree;

beforeAll(async () => {
  tree = await MediaTree.make();
});
afterAll(() => tree[Symbol.asyncDispose]());

const root = (id: string, path: string): Root => ({ id, path, name: id, library: id, followLinks: false });

/** A queue whose scans last until the test ends them. */
function stage(roots: readonly Root[]) {
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const end = new AbortController();
  const queue = new ScanQueue({
    ...{ roots, signal: end.signal },
    scan: async ({ id }, { full }, signal) => {
      began.push(full ? `${id} full` : id);
      await new Promise<void>((resolve) => {
        ends.set(id, resolve);
        signal.addEventListener('abort', () => resolve());
      });
    },
  });
  return { queue, began, finish: (id: string) => ends.get(id)?.(), end };
}

test('roots of one disk are scanned one after another, those of different disks side by side', async () => {
  await mkdir(tree.at('a'));
  await mkdir(tree.at('b'));
  // A path that is not there stands for another disk.
  const { queue, began, finish } = stage([root('a', tree.at('a')), root('b', tree.at('b')), root('c', '/not-there')]);
  for (const id of ['a', 'b', 'c']) queue.request(id, scanOrder('start'));
  await expect.poll(() => began).toEqual(['a', 'c']);
  expect([queue.isBusy('b'), queue.isBusy()]).toEqual([true, true]);
  finish('a');
  await expect.poll(() => began).toEqual(['a', 'c', 'b']);
  finish('b');
  finish('c');
  await queue.idle();
  expect(queue.isBusy()).toBe(false);
});

test('no more than three disks are read at once', async () => {
  const roots = ['a', 'b', 'c', 'd', 'e'].map((id) => root(id, `/not-there-${id}`));
  const { queue, began, finish } = stage(roots);
  for (const { id } of roots) queue.request(id, scanOrder('start'));
  await expect.poll(() => began).toEqual(['a', 'b', 'c']);
  for (const id of ['b', 'a', 'c', 'd', 'e']) {
    await expect.poll(() => began).toContain(id);
    finish(id);
  }
  await queue.idle();
});

test('requests for a root that waits become one, and one for a root that runs follows it', async () => {
  const { queue, began, finish } = stage([root('a', '/not-there')]);
  const first = queue.request('a', scanOrder('start'));
  await expect.poll(() => began).toEqual(['a']);
  const second = queue.request('a', scanOrder('timer'));
  const third = queue.request('a', scanOrder('hand', { full: true }));
  expect([second.run === first.run, third.run === second.run]).toEqual([false, true]);
  finish('a');
  await expect.poll(() => began).toEqual(['a', 'a full']);
  finish('a');
  await queue.idle();
});

test('[ST3] stopping ends the scan that runs and forgets the one that waits', async () => {
  const { queue, began } = stage([root('a', '/not-there')]);
  queue.request('a', scanOrder('start'));
  await expect.poll(() => began).toEqual(['a']);
  queue.request('a', scanOrder('hand'));
  expect([queue.stop('a'), queue.stop('unknown')]).toEqual([true, false]);
  await queue.idle();
  expect(began).toEqual(['a']);
});

test('[ST3] a scan that a person stops says so, keeps what it read, and the next one goes on', async () => {
  for (let i = 0; i < 30; i++) await tree.put(`stop/Folder ${i}/Film ${i} (2020).mp4`, { mark: `s${i}` });
  const events: AgentEvent[] = [];
  const runs = () => events.flatMap((event) => (event.kind === 'scan.progress' && event.run ? [event.run] : []));
  await using library = await openLibrary({
    ...{ roots: [{ path: tree.at('stop'), library: 'Films', followLinks: false }], dataDir: tree.at('stop-data') },
    ...{ binaries: await binaries(), log: SILENT, signal: AbortSignal.timeout(50_000), watch: false },
    onEvent: (event) => {
      events.push(event);
      if (event.kind === 'scan.progress' && event.phase === 'walking') library.stop(null);
    },
  });
  const { runs: named } = library.scan(null, { full: true }, 'webhook');
  await library.idle();
  const [first] = Object.values(named ?? {});
  expect(runs().at(-1)).toMatchObject({ id: first, trigger: 'webhook', full: true, state: 'stopped' });
  expect(events.at(-1)).toMatchObject({ phase: 'failed', message: expect.stringContaining('Stopped') });
  expect(library.roots()).toMatchObject([{ state: 'ok' }]);
});

test('[ST2] each run tells who began it, and what it read and removed', async () => {
  await tree.put('runs/Film (2020).mp4', { mark: 'r' });
  await tree.put('runs/Other (2021).mp4', { mark: 'o' });
  const events: AgentEvent[] = [];
  await using library = await openLibrary({
    ...{ roots: [{ path: tree.at('runs'), library: 'Films', followLinks: false }], dataDir: tree.at('runs-data') },
    ...{ binaries: await binaries(), log: SILENT, signal: AbortSignal.timeout(50_000) },
    onEvent: (event) => events.push(event),
  });
  await library.idle();
  const last = () => events.findLast((event) => event.kind === 'scan.progress');
  expect(last()).toMatchObject({ done: 2, run: { trigger: 'start', state: 'done', read: 2, removed: 0 } });
  library.scan(null);
  await library.idle();
  expect(last()).toMatchObject({ done: 2, run: { trigger: 'hand', state: 'done', read: 0 } });
});
