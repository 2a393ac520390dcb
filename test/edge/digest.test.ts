import { env, exports } from 'cloudflare:workers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { digestOf, rangeOfDigest } from '../../edge/catalog/digest.ts';
import {
  type DigestedFile,
  digestedClaim,
  hashOfFile,
  hexOf,
  RangeSums,
  rangeOf,
} from '../../shared/protocol/digest.ts';
import type { Claim } from '../../shared/protocol/sync.ts';
import { agentWith, broken, file, gone, hex, movie, type Said, type TestAgent } from './catalog-world.ts';
import { FakeAgent, ORIGIN } from './fake-agent.ts';

/** All of an agent's digests in a root, however many answers they take. */
async function digests(agent: TestAgent, root = 'films') {
  const ranges = [];
  for (let from: number | null = 0; from !== null; ) {
    const answer = await digestOf(env, agent.id, { root, from });
    ranges.push(...answer.ranges);
    from = answer.next;
  }
  return ranges;
}

function sumsOf(claims: Iterable<Claim>) {
  const sums = new RangeSums();
  for (const claim of claims) {
    const file = digestedClaim(claim);
    if (file) sums.add(file);
  }
  return sums.ranges();
}

it('[DG2] the catalog’s digest is that of the claims, films, problems and what is gone alike', async () => {
  const agent = await agentWith({ films: 'Digest', more: 'Digest' });
  const batch = await agent.batchOf([
    ...Array.from({ length: 30 }, (_, i) =>
      file(`f${i}.mkv`, movie(`Digested ${i}`, 2000), { size: i, mtimeMs: i + 1 }),
    ),
    broken('b.mkv'),
    file('elsewhere.mkv', movie('Digested elsewhere'), { root: 'more' }),
  ]);
  await agent.send(batch);
  expect(await digests(agent)).toEqual(sumsOf(batch.claims.filter((claim) => claim.root === 'films')));
  expect((await digestOf(env, agent.id, { root: 'films', from: 0 })).roots.sort()).toEqual(['films', 'more']);
  await agent.say([gone('f3.mkv')]);
  const left = batch.claims.filter((claim) => claim.root === 'films' && claim.state !== 'gone');
  const lost = await hex('f3.mkv');
  expect(await digests(agent)).toEqual(sumsOf(left.filter((claim) => claim.pathHash !== lost)));
});

it('[DG3] rows that were dropped, added or spoilt show in their ranges only, and a claim mends each', async () => {
  const spoil: Record<string, string> = {
    drop: 'DELETE FROM file WHERE agent_id = ?1 AND path_hash = ?2',
    bury: 'UPDATE file SET deleted_at = 1 WHERE agent_id = ?1 AND path_hash = ?2',
    content: `UPDATE file SET fingerprint = '${'0'.repeat(32)}' WHERE agent_id = ?1 AND path_hash = ?2`,
    size: 'UPDATE file SET size = size + 1 WHERE agent_id = ?1 AND path_hash = ?2',
    path: `UPDATE file SET path = 'another' WHERE agent_id = ?1 AND path_hash = ?2`,
    item: 'UPDATE file SET item_id = NULL WHERE agent_id = ?1 AND path_hash = ?2',
  };
  let run = 0;
  const harm = fc.record({ which: fc.nat(11), how: fc.constantFrom(...Object.keys(spoil)) });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(harm, { maxLength: 5, selector: (one) => one.which }),
      fc.boolean(),
      async (harms, orphan) => {
        run++;
        const agent = await agentWith({ films: `Drift ${run}` });
        const said: Said[] = Array.from({ length: 12 }, (_, i) =>
          file(`${i}.mkv`, movie(`Drift ${i} of ${run}`, 1990)),
        );
        const batch = await agent.batchOf(said);
        await agent.send(batch);
        const before = await digests(agent);
        const touched = new Set<number>();
        for (const { which, how } of harms) {
          const pathHash = await hex(`${which}.mkv`);
          touched.add(rangeOf(pathHash));
          await env.DB.prepare(spoil[how] as string)
            .bind(agent.id, pathHash)
            .run();
        }
        if (orphan) {
          await agent.say([file('orphan.mkv', movie(`Orphan of ${run}`, 1990))]);
          touched.add(rangeOf(await hex('orphan.mkv')));
        }
        const after = await digests(agent);
        const text = (range: (typeof after)[number]) => JSON.stringify(range);
        const changed = [
          ...before.filter((one) => !after.map(text).includes(text(one))),
          ...after.filter((one) => !before.map(text).includes(text(one))),
        ];
        expect(new Set(changed.map(({ range }) => range))).toEqual(touched);
        // What the agent finds in those ranges is what it claims again.
        const again: Said[] = [];
        for (const range of touched) {
          const { files } = await rangeOfDigest(env, agent.id, { root: 'films', range, after: null });
          const theirs = new Map(files);
          for (const [i, claim] of batch.claims.entries()) {
            if (rangeOf(claim.pathHash) !== range) continue;
            if (theirs.get(claim.pathHash) !== hexOf(hashOfFile(digestedClaim(claim) as DigestedFile)))
              again.push(said[i] as Said);
            theirs.delete(claim.pathHash);
          }
          if (theirs.size > 0) again.push(gone('orphan.mkv'));
        }
        expect(again).toHaveLength(harms.length + (orphan ? 1 : 0));
        await agent.say(again);
        expect(await digests(agent)).toEqual(before);
      },
    ),
    { numRuns: 15 },
  );
});

it('[DG1] an answer reads no more than it may, tells ranges whole, and names where to go on', async () => {
  const agent = await agentWith({ films: 'Bounded' });
  await agent.say([file('one.mkv', movie('Bounded'))]);
  await env.DB.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
    INSERT INTO file (agent_id, root, path_hash, epoch, rev, path, size, mtime_ms, problem)
    SELECT ?1, 'films', printf('%02x%030x', i % 256, i), 'epoch-01', 1, 'p' || i, 0, 0, 'empty' FROM n`,
  )
    .bind(agent.id)
    .run();
  const first = await digestOf(env, agent.id, { root: 'films', from: 0 });
  const read = first.ranges.reduce((sum, { files }) => sum + files, 0);
  expect(read).toBeGreaterThanOrEqual(5000);
  expect(read).toBeLessThan(8000);
  expect(first.next).toBe((first.ranges.at(-1)?.range ?? 0) + 1);
  const all = await digests(agent);
  expect(all.reduce((sum, { files }) => sum + files, 0)).toBe(10_001);
  expect(new Set(all.map(({ range }) => range)).size).toBe(all.length);
});

it('[DG1] a range of many files comes in pages', async () => {
  const agent = await agentWith({ films: 'Pages' });
  await env.DB.prepare(
    `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
    INSERT INTO file (agent_id, root, path_hash, epoch, rev, path, size, mtime_ms, problem)
    SELECT ?1, 'films', printf('ab%030x', i), 'epoch-01', 1, 'p' || i, 0, 0, 'empty' FROM n`,
  )
    .bind(agent.id)
    .run();
  const first = await rangeOfDigest(env, agent.id, { root: 'films', range: 0xab, after: null });
  expect(first.files).toHaveLength(2000);
  const rest = await rangeOfDigest(env, agent.id, { root: 'films', range: 0xab, after: first.next });
  expect([rest.files.length, rest.next]).toEqual([501, null]);
});

it('[DG1] an agent sees what it claimed itself, and only with its own token', async () => {
  const agent = await agentWith({ films: 'Mine' });
  await agent.say([file('one.mkv', movie('Mine alone'))]);
  const other = await agentWith({ films: 'Mine' }, 'Cabin');
  expect(await digests(other)).toEqual([]);
  const range = rangeOf(await hex('one.mkv'));
  expect((await rangeOfDigest(env, other.id, { root: 'films', range, after: null })).files).toEqual([]);
  // Who claims that another's file is gone says it of one of its own, which there is not.
  await other.say([gone('one.mkv')]);
  expect(await digests(agent)).toHaveLength(1);
  const ask = (path: string, body: unknown, token?: string) =>
    exports.default.fetch(ORIGIN + path, {
      method: 'POST',
      headers: token ? { authorization: `Bearer ${token}` } : {},
      body: JSON.stringify(body),
    });
  const stranger = await (await FakeAgent.enrol()).token();
  for (const path of ['/agent/v1/digest', '/agent/v1/digest/range']) {
    expect((await ask(path, { root: 'films', range: 1 })).status).toBe(401);
    expect((await ask(path, { root: 'films', range: 1 }, stranger)).status).toBe(401);
  }
});
