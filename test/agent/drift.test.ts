import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LibraryIndex } from '../../agent/library/index/library-index.ts';
import type { IndexChange } from '../../agent/library/index/rows.ts';
import { pathHashOf } from '../../agent/library/scan/folder.ts';
import { wholeRangesOf } from '../../agent/library/sync/mend-drift.ts';
import { Syncer } from '../../agent/library/sync/syncer.ts';
import { rangeOf } from '../../shared/protocol/digest.ts';
import type { Claim } from '../../shared/protocol/sync.ts';
import { SyncEdge } from '../fakes/sync-edge.ts';
import { SILENT } from './media-tree.ts';

let dir: string;
let count = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hearthcast-drift-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const problem = (path: string, root = 'root-1'): IndexChange => {
  const state = { root, pathHash: pathHashOf(path), dir: '', path, size: 7, mtimeMs: 5 };
  return { ...state, state: 'problem', code: 'empty', detail: 'x' };
};

async function stage() {
  const edge = await SyncEdge.open();
  const index = new LibraryIndex(join(dir, `index-${++count}.sqlite`), SILENT);
  const syncer = new Syncer(index, SILENT, { roots: ['root-1'], complete: () => true });
  const target = { edge: edge.url, token: async () => 'token' };
  return {
    ...{ edge, index, syncer },
    sync: () => syncer.sync(target, AbortSignal.timeout(30_000)),
    /** The claims that were sent since then. */
    sentAfter: (batches: number) => edge.batches.slice(batches).flatMap((batch) => batch.claims),
    async [Symbol.asyncDispose]() {
      await syncer[Symbol.asyncDispose]();
      index[Symbol.dispose]();
      await edge[Symbol.asyncDispose]();
    },
  };
}

/** What both ends hold, without revisions. */
const held = (claims: Iterable<Claim>) =>
  [...claims]
    .filter((claim) => claim.state !== 'gone')
    .map(({ rev: _, ...claim }) => JSON.stringify(claim))
    .sort();

test('[DG3] whatever the edge lost, kept or spoilt is sent again, and nothing else is', async () => {
  const drift = fc.record({
    files: fc.integer({ min: 1, max: 40 }),
    gone: fc.uniqueArray(fc.nat(39), { maxLength: 4 }),
    lost: fc.uniqueArray(fc.nat(39), { maxLength: 4 }),
    spoilt: fc.uniqueArray(fc.nat(39), { maxLength: 4 }),
    orphans: fc.uniqueArray(fc.nat(9), { maxLength: 4 }),
    elsewhere: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(drift, async ({ files, gone, lost, spoilt, orphans, elsewhere }) => {
      await using s = await stage();
      s.index.write(
        'root-1',
        Array.from({ length: files }, (_, i) => problem(`file-${i}`)),
      );
      s.index.markGone(
        'root-1',
        gone.map((i) => pathHashOf(`file-${i}`)),
      );
      await s.sync();
      const { claims } = s.edge;
      const drifted = new Set<string>();
      for (const i of lost) if (i < files && !gone.includes(i)) drifted.add(`file-${i}`);
      for (const i of lost) claims.delete(`root-1/${pathHashOf(`file-${i}`)}`);
      for (const i of spoilt) {
        const key = `root-1/${pathHashOf(`file-${i}`)}`;
        const claim = claims.get(key);
        if (claim?.state !== 'problem') continue;
        claims.set(key, { ...claim, code: 'truncated' });
        drifted.add(`file-${i}`);
      }
      for (const i of orphans) {
        const root = elsewhere ? 'root-of-old' : 'root-1';
        const pathHash = pathHashOf(`orphan-${i}`);
        claims.set(`${root}/${pathHash}`, { ...(problem('') as never as Claim), root, pathHash, rev: 1 } as Claim);
        drifted.add(`orphan-${i}`);
      }
      const before = s.edge.batches.length;
      await s.syncer.compare();
      expect(held(claims.values())).toEqual(held(s.index.claimsSince(0, 1000)));
      const sent = s.sentAfter(before);
      expect(sent.map((claim) => claim.pathHash).sort()).toEqual([...drifted].map((path) => pathHashOf(path)).sort());
      expect(s.edge.cursor.revision).toBe(s.index.revision);
      await s.syncer.compare();
      expect(s.sentAfter(before)).toHaveLength(sent.length);
    }),
    { numRuns: 12 },
  );
});

test('[DG3] an edge that holds the same is asked for its digests and for no file', async () => {
  await using s = await stage();
  s.index.write('root-1', [problem('a'), problem('b')]);
  await s.sync();
  const batches = s.edge.batches.length;
  await s.syncer.compare();
  expect(s.edge.compared).toBe(26);
  expect(s.edge.batches).toHaveLength(batches);
});

test('[DG4] the comparison is due a day after the last, and not at the first sync', async () => {
  await using s = await stage();
  s.index.write('root-1', [problem('a')]);
  await s.sync();
  await s.syncer.kick();
  expect(s.edge.compared).toBe(0);
  s.index.setMeta('edge-compared', String(Date.now() - 25 * 60 * 60 * 1000));
  await s.syncer.kick();
  expect(s.edge.compared).toBe(26);
  await s.syncer.kick();
  expect(s.edge.compared).toBe(26);
});

test('[DG5] an edge that knows no digests is left alone for a day', async () => {
  await using s = await stage();
  s.edge.knowsDigests = false;
  s.index.write('root-1', [problem('a')]);
  await s.sync();
  await s.syncer.compare();
  await s.syncer.kick();
  expect(s.edge.compared).toBe(1);
});

test('[DG6] nothing is compared of a root that the edge takes nothing of', async () => {
  await using s = await stage();
  s.index.write('root-1', [problem('a'), problem('b')]);
  await s.sync();
  s.edge.claims.clear();
  s.edge.closed.add('root-1');
  const batches = s.edge.batches.length;
  await s.syncer.compare();
  expect(s.edge.batches).toHaveLength(batches);
  s.edge.closed.clear();
  await s.syncer.compare();
  expect(s.sentAfter(batches)).toHaveLength(2);
});

test('[DG7] what no digest shows is mended too: a range a day, all after a full scan', async () => {
  await using s = await stage();
  const paths = Array.from({ length: 60 }, (_, i) => `file-${i}`);
  s.index.write(
    'root-1',
    paths.map((path) => problem(path)),
  );
  await s.sync();
  const spoil = () => {
    for (const [key, claim] of s.edge.claims)
      if (claim.state === 'problem') s.edge.claims.set(key, { ...claim, detail: 'spoilt' });
  };
  const spoilt = () => [...s.edge.claims.values()].filter((claim) => 'detail' in claim && claim.detail === 'spoilt');
  spoil();
  await s.syncer.compare();
  expect(spoilt()).toHaveLength(60);
  await s.syncer.compare('whole');
  expect(spoilt()).toEqual([]);
  expect(held(s.edge.claims.values())).toEqual(held(s.index.claimsSince(0, 1000)));

  spoil();
  s.index.setMeta('edge-compared', String(Date.now() - 25 * 60 * 60 * 1000));
  await s.syncer.kick();
  const today = wholeRangesOf(Math.floor(Date.now() / (24 * 60 * 60 * 1000)));
  const left = paths.map((path) => pathHashOf(path)).filter((hash) => !today.has(rangeOf(hash)));
  expect(
    spoilt()
      .map((claim) => claim.pathHash)
      .sort(),
  ).toEqual(left.sort());
});

test('[DG7] every range comes round in 32 days', () => {
  const days = Array.from({ length: 32 }, (_, day) => [...wholeRangesOf(20_000 + day)]).flat();
  expect(days.sort((a, b) => a - b)).toEqual(Array.from({ length: 256 }, (_, i) => i));
});

test('a comparison that the network ends is made again', async () => {
  await using s = await stage();
  s.index.write('root-1', [problem('a')]);
  await s.sync();
  s.edge.claims.clear();
  s.edge.faults.push('drop');
  await s.syncer.compare();
  expect(s.edge.paths()).toEqual(['a']);
});

test('what changes during the comparison is sent once', async () => {
  await using s = await stage();
  s.index.write('root-1', [problem('a'), problem('b')]);
  await s.sync();
  s.edge.claims.delete(`root-1/${pathHashOf('a')}`);
  const before = s.edge.batches.length;
  const running = s.syncer.compare();
  s.index.write('root-1', [problem('b'), problem('c')]);
  await running;
  await s.sync();
  const sent = s.sentAfter(before).map((claim) => claim.state === 'problem' && claim.path);
  expect(sent.sort()).toEqual(['a', 'b', 'c']);
});
