import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CursorMismatch } from '../../edge/catalog/ingest.ts';
import type { SyncBatch } from '../../shared/protocol/sync.ts';
import { agentWith, broken, count, episode, file, gone, movie, type Said, type TestAgent } from './catalog-world.ts';

/** What can happen between two agents and the edge. */
type Step =
  | { do: 'say'; agent: 0 | 1; files: { path: number; work: number | 'gone' | 'broken' }[]; lost: boolean }
  /** A batch of long ago arrives once more. */
  | { do: 'replay'; agent: 0 | 1; which: number }
  /** The agent's index is new: it tells everything again. */
  | { do: 'renew'; agent: 0 | 1; forget: number[] };

const agent = fc.constantFrom(0 as const, 1 as const);
const files = fc.uniqueArray(
  fc.record({
    path: fc.nat(5),
    work: fc.oneof({ weight: 5, arbitrary: fc.nat(6) }, fc.constant('gone' as const), fc.constant('broken' as const)),
  }),
  { minLength: 1, maxLength: 5, selector: (one) => one.path },
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('say' as const), agent, files, lost: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('replay' as const), agent, which: fc.nat(30) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('renew' as const), agent, forget: fc.uniqueArray(fc.nat(5)) }),
  },
);

const work = (run: number, n: number) =>
  n < 3 ? movie(`Film ${n} of run ${run}`, 2000) : episode(`Show of run ${run}`, n % 2, n, `Part ${n} of run ${run}`);

/** What a model agent knows of its own disk: the work of each path, or that it is broken. */
type Disk = Map<number, number | 'broken'>;

it('[sync] ends where the agents are after any history of batches, duplicates, lost answers and new epochs', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      run++;
      const agents = [await agentWith({ r: `Run ${run}` }), await agentWith({ r: `Run ${run}` }, 'Cabin')] as const;
      const disks: [Disk, Disk] = [new Map(), new Map()];
      const sent: [SyncBatch[], SyncBatch[]] = [[], []];
      const idsSeen = new Map<string, number>();

      const said = (path: number, what: number | 'gone' | 'broken'): Said => {
        const name = `${path}.mkv`;
        if (what === 'gone') return gone(name);
        return what === 'broken' ? broken(name) : file(name, work(run, what));
      };
      const deliver = async (which: 0 | 1, batch: SyncBatch, lost: boolean) => {
        const teller: TestAgent = agents[which];
        sent[which].push(batch);
        await teller.send(batch);
        if (!lost) return;
        // The answer was lost: the agent sends the same again, and believes the cursor that comes back.
        await expect(teller.send(batch)).rejects.toMatchObject({ cursor: { revision: batch.toRevision } });
      };

      for (const one of steps) {
        const teller = agents[one.agent];
        const disk = disks[one.agent];
        if (one.do === 'say') {
          for (const { path, work: what } of one.files) {
            if (what === 'gone') disk.delete(path);
            else disk.set(path, what);
          }
          const batch = await teller.batchOf(one.files.map(({ path, work: what }) => said(path, what)));
          await deliver(one.agent, batch, one.lost);
        } else if (one.do === 'replay') {
          const old = sent[one.agent][one.which % Math.max(1, sent[one.agent].length)];
          if (!old) continue;
          const cursor = { ...teller.cursor };
          const outcome = await teller.send(old).catch((error: unknown) => error);
          expect(outcome).toBeInstanceOf(CursorMismatch);
          expect(outcome).toMatchObject({ cursor });
        } else {
          for (const path of one.forget) disk.delete(path);
          teller.begin(`epoch-${crypto.randomUUID().slice(0, 8)}`);
          const all = [...disk].map(([path, what]) => said(path, what));
          const half = Math.floor(all.length / 2);
          if (half > 0) await deliver(one.agent, await teller.batchOf(all.slice(0, half)), false);
          const last = await teller.batchOf(all.slice(half), { complete: true });
          if (last.claims.length > 0) await deliver(one.agent, last, false);
          else await teller.send(last);
        }
        await compare(run, agents, disks, idsSeen);
      }
    }),
    { numRuns: 25 },
  );
});

async function compare(
  run: number,
  agents: readonly [TestAgent, TestAgent],
  disks: readonly [Disk, Disk],
  idsSeen: Map<string, number>,
): Promise<void> {
  const { results: stored } = await env.DB.prepare(
    `SELECT f.agent_id AS agent, f.path, i.title, f.problem FROM file f LEFT JOIN item i ON i.id = f.item_id
    WHERE f.deleted_at IS NULL AND f.agent_id IN (?1, ?2)`,
  )
    .bind(agents[0].id, agents[1].id)
    .all<{ agent: string; path: string; title: string | null; problem: string | null }>();
  const expected = disks.flatMap((disk, i) =>
    [...disk].map(([path, what]) => {
      const claimed = what === 'broken' ? null : work(run, what);
      return {
        agent: agents[i as 0 | 1].id,
        path: `${path}.mkv`,
        title: claimed?.title ?? null,
        problem: what === 'broken' ? 'not-media' : null,
      };
    }),
  );
  const sorted = <T>(rows: T[]) => rows.map((row) => JSON.stringify(row)).sort();
  expect(sorted(stored)).toEqual(sorted(expected));

  const { results: items } = await env.DB.prepare(
    `SELECT i.id, i.title, i.kind, i.episodes,
      (SELECT count(*) FROM library_item li WHERE li.item_id = i.id) AS shelves,
      (SELECT count(*) FROM item_fts WHERE rowid = i.id) AS searchable
    FROM item i LEFT JOIN item s ON s.id = i.root_id
    WHERE i.deleted_at IS NULL AND (i.title LIKE ?1 OR s.title LIKE ?1)`,
  )
    .bind(`% of run ${run}`)
    .all<{ id: number; title: string; kind: string; episodes: number | null; shelves: number; searchable: number }>();
  const works = new Set(disks.flatMap((disk) => [...disk.values()]).filter((what) => what !== 'broken'));
  const episodes = [...works].filter((n) => n >= 3);
  const titles = [...works].map((n) => work(run, n).title as string);
  const seasons = new Set(episodes.map((n) => (n % 2 === 0 ? 'Specials' : 'Season 1')));
  const show = episodes.length > 0 ? [`Show of run ${run}`] : [];
  expect(items.map((item) => item.title).sort()).toEqual([...titles, ...seasons, ...show].sort());
  const left = "JOIN item i ON i.id = f.rowid WHERE i.deleted_at IS NOT NULL OR i.kind = 'season'";
  expect(await count(`item_fts f ${left}`)).toBe(0);
  for (const item of items) {
    const browsable = item.kind === 'movie' || item.kind === 'series';
    expect(item.shelves).toBe(browsable ? 1 : 0);
    expect(item.searchable).toBe(item.kind === 'season' ? 0 : 1);
    if (item.kind === 'series') expect(item.episodes).toBe(episodes.length);
    const key = `${item.kind} ${item.title}`;
    expect(idsSeen.get(key) ?? item.id).toBe(item.id);
    idsSeen.set(key, item.id);
  }
}
