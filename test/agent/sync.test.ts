import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LibraryIndex } from '../../agent/library/index/library-index.ts';
import type { IndexChange } from '../../agent/library/index/rows.ts';
import { pathHashOf } from '../../agent/library/scan/folder.ts';
import { Syncer } from '../../agent/library/sync/syncer.ts';
import { SyncEdge } from '../fakes/sync-edge.ts';
import { SILENT } from './media-tree.ts';

let dir: string;
let count = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hearthcast-sync-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Stage extends AsyncDisposable {
  edge: SyncEdge;
  index: LibraryIndex;
  syncer: Syncer;
  /** Syncs to the end. */
  sync(): Promise<void>;
  /** Until the scan of the last folder is through. */
  complete: boolean;
}

async function stage(): Promise<Stage> {
  const edge = await SyncEdge.open();
  const index = new LibraryIndex(join(dir, `index-${++count}.sqlite`), SILENT);
  const self: Stage = {
    edge,
    index,
    complete: true,
    syncer: new Syncer(index, SILENT, { roots: ['root-1'], complete: () => self.complete }),
    sync: () => self.syncer.sync({ edge: edge.url, token: async () => 'token' }, AbortSignal.timeout(30_000)),
    async [Symbol.asyncDispose]() {
      await self.syncer[Symbol.asyncDispose]();
      index[Symbol.dispose]();
      await edge[Symbol.asyncDispose]();
    },
  };
  return self;
}

function problem(path: string, detail = 'x'): IndexChange {
  const state = { root: 'root-1', pathHash: pathHashOf(path), dir: '', path, size: 0, mtimeMs: 0 };
  return { ...state, state: 'problem', code: 'empty', detail };
}

const problems = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => problem(`file-${from + i}`));

test('everything reaches the edge in order, in batches, and the last one says that it is all', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 300));
  await s.sync();
  expect(s.edge.paths()).toHaveLength(300);
  expect(s.edge.cursor).toEqual({ epoch: s.index.epoch, revision: 300 });
  expect(s.edge.batches.length).toBeGreaterThan(1);
  expect(s.edge.batches.map((batch) => batch.complete)).toEqual([...s.edge.batches.slice(1).map(() => false), true]);
});

test('a second sync with nothing new asks nothing of the edge', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 10));
  await s.sync();
  const asked = s.edge.batches.length;
  await s.sync();
  expect(s.edge.batches).toHaveLength(asked);
});

test('an answer that was lost costs a 409 and nothing is applied twice', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 60));
  s.edge.faults.push('lose-answer');
  await s.sync();
  expect(s.edge.paths()).toHaveLength(60);
  expect(s.edge.applied).toBe(60);
});

test('dropped connections, a busy edge and a refused token are tried again', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 20));
  s.edge.faults.push('drop', 'unavailable');
  await s.sync();
  s.edge.faults.push('unauthenticated');
  s.index.write('root-1', problems(20, 30));
  await s.sync();
  expect(s.edge.paths()).toHaveLength(30);
});

test('an edge that was restored from a copy gets again what it lost', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 100));
  await s.sync();
  s.edge.rewind({ epoch: s.index.epoch, revision: 40 });
  s.index.write('root-1', problems(100, 101));
  await s.sync();
  expect(s.edge.cursor.revision).toBe(101);
  expect(s.edge.batches.at(-1)?.fromRevision).toBeGreaterThanOrEqual(40);
});

test('an index that was restored from a copy begins a new epoch instead of repeating revisions', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 5));
  const { epoch } = s.index;
  s.edge.rewind({ epoch, revision: 500 });
  await s.sync();
  expect(s.index.epoch).not.toBe(epoch);
  expect(s.edge.cursor).toEqual({ epoch: s.index.epoch, revision: 5 });
  expect(s.edge.paths()).toHaveLength(5);
});

test('a copied index whose epoch the edge has left begins a new one', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 5));
  await s.sync();
  const { epoch } = s.index;
  s.edge.rewind({ epoch: 'another-epoch', revision: 7 });
  s.index.write('root-1', problems(5, 6));
  await s.sync();
  expect(s.index.epoch).not.toBe(epoch);
  expect(s.edge.paths()).toHaveLength(6);
});

test('rows that change while a sync runs are sent once more with their last state', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 200));
  const running = s.sync();
  s.index.write('root-1', [problem('file-0', 'changed'), problem('new')]);
  await running;
  await s.sync();
  expect(s.edge.paths()).toHaveLength(201);
  expect(s.edge.cursor.revision).toBe(s.index.revision);
});

test('files that are gone are told as gone', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 3));
  await s.sync();
  s.index.markGone('root-1', [pathHashOf('file-1')]);
  await s.sync();
  expect(s.edge.paths()).toEqual(['file-0', 'file-2']);
});

test('"complete" is said only once every folder was seen to its end', async () => {
  await using s = await stage();
  s.complete = false;
  s.index.write('root-1', problems(0, 3));
  await s.sync();
  expect(s.edge.complete).toBe(false);
  s.complete = true;
  await s.sync();
  expect(s.edge.complete).toBe(true);
  expect(s.edge.applied).toBe(3);
});

test('batches shrink while the edge is slow and grow while it is quick', async () => {
  await using s = await stage();
  s.edge.tookMs = 200;
  s.index.write('root-1', problems(0, 110));
  await s.sync();
  expect(s.edge.batches.map((batch) => batch.claims.length)).toEqual([50, 25, 13, 10, 10, 2]);
  s.edge.tookMs = 10;
  s.index.write('root-1', problems(110, 150));
  await s.sync();
  expect(s.edge.batches.slice(6).map((batch) => batch.claims.length)).toEqual([10, 20, 10]);
});

test('an edge that is away is waited for, and a new connection ends the waiting', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 5));
  s.edge.faults.push('drop', 'drop', 'drop', 'drop', 'drop');
  const first = s.sync();
  await expect.poll(() => s.edge.faults.length).toBeLessThan(5);
  s.edge.faults.length = 0;
  await s.sync();
  await first;
  expect(s.edge.paths()).toHaveLength(5);
});

test('stopping ends a sync that waits for an edge', async () => {
  await using s = await stage();
  s.index.write('root-1', problems(0, 5));
  const stop = new AbortController();
  const running = s.syncer.sync({ edge: 'http://127.0.0.1:1', token: async () => 'token' }, stop.signal);
  stop.abort();
  await running;
  expect(s.syncer.busy).toBe(false);
  expect(s.edge.batches).toEqual([]);
});
