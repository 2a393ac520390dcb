import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { browseGrid } from '../../edge/catalog/grids.ts';
import { applyBatch } from '../../edge/catalog/ingest.ts';
import { searchItems } from '../../edge/catalog/search.ts';
import { homeRows } from '../../edge/db/home.ts';
import { childrenOf, itemDetail } from '../../edge/db/items.ts';
import { listLibraries } from '../../edge/db/libraries.ts';
import type { Scope } from '../../edge/db/scopes.ts';
import { saveProgress, setPlayed } from '../../edge/db/user-items.ts';
import type { Env } from '../../edge/env.ts';
import { ItemsQuery } from '../../shared/api/items.ts';
import { agentWith, episode, file, itemOf, movie, NOW } from './catalog-world.ts';

const FILMS = 2000;
const EPISODES = 400;

const EVERYTHING: Scope = { userId: 1, libMask: null, maxAge: null, unrated: true, hiddenSet: null };

const world = { agent: await agentWith({ films: 'Big', shows: 'Big Shows' }) };

beforeAll(async () => {
  const films = Array.from({ length: FILMS }, (_, i) => file(`f${i}`, movie(`Star film ${i}`, 1950 + (i % 70))));
  const shows = Array.from({ length: EPISODES }, (_, i) =>
    file(`e${i}`, episode(`Show ${i % 20}`, 1, Math.floor(i / 20), `Part ${i}`), { root: 'shows' }),
  );
  const all = [...films, ...shows];
  for (let i = 0; i < all.length; i += 500) await world.agent.say(all.slice(i, i + 500));
});

/** Rows that the database reads for what `ask` does: what it costs, and what grows where an index is missed. */
async function rowsRead(ask: (env: Env) => Promise<unknown>): Promise<number> {
  let rows = 0;
  const note = <T extends D1Result<unknown>>(result: T): T => {
    rows += result.meta.rows_read;
    return result;
  };
  const watched = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === 'bind') return (...values: unknown[]) => watched(target.bind(...values));
        if (name === 'original') return target;
        if (name === 'all' || name === 'run') return async () => note(await target.all());
        if (name === 'first') {
          return async (column?: string) => {
            const row = note(await target.all<Record<string, unknown>>()).results[0];
            return (column === undefined ? row : row?.[column]) ?? null;
          };
        }
        if (name === 'raw') {
          return async () => note(await target.all<Record<string, unknown>>()).results.map((row) => Object.values(row));
        }
        return Reflect.get(target, name, target);
      },
    });
  const database = {
    prepare: (sql: string) => watched(env.DB.prepare(sql)),
    batch: async (statements: (D1PreparedStatement & { original?: D1PreparedStatement })[]) =>
      (await env.DB.batch(statements.map((one) => one.original ?? one))).map(note),
  };
  await ask({ ...env, DB: database as unknown as D1Database });
  if (rows === 0) throw new Error('nothing was counted');
  return rows;
}

it.each(['added', 'title', 'year', 'rating', 'runtime', 'random'] as const)(
  'reads a page by %s, and not the library',
  async (sort) => {
    const library = (await env.DB.prepare(`SELECT id FROM library WHERE name = 'Big'`).first<number>('id')) ?? 0;
    const query = ItemsQuery.parse({ sort });
    // A small library is shuffled whole.
    const bound = sort === 'random' ? FILMS * 3 : 61 * 10;
    let next: string | null = null;
    expect(
      await rowsRead(async (to) => {
        next = (await browseGrid(to, EVERYTHING, library, query)).next;
      }),
    ).toBeLessThan(bound);
    expect(next).not.toBeNull();
    const deeper = { ...query, cursor: next ?? undefined };
    expect(await rowsRead((to) => browseGrid(to, EVERYTHING, library, deeper))).toBeLessThan(bound);
  },
);

it('reads what the home page shows, and no more', async () => {
  const { id } = await itemOf('Part 0');
  await saveProgress(env, 1, id, 5_300_000, 5_400_000, NOW);
  expect(await rowsRead((to) => homeRows(to, EVERYTHING))).toBeLessThan(400);
});

it('reads one item’s rows for its page', async () => {
  const film = await itemOf('Star film 77');
  expect(await rowsRead((to) => itemDetail(to, EVERYTHING, film.id))).toBeLessThan(20);
  const show = await itemOf('Show 3');
  expect(await rowsRead((to) => itemDetail(to, EVERYTHING, show.id))).toBeLessThan(100);
  expect(await rowsRead((to) => childrenOf(to, EVERYTHING, { id: show.id, kind: 'series' }, -1, 61))).toBeLessThan(20);
});

it('counts libraries without reading them', async () => {
  expect(await rowsRead((to) => listLibraries(to))).toBeLessThan(20);
});

it('asks in an order by chance the few that a filter leaves, and not the library', async () => {
  const library = (await env.DB.prepare(`SELECT id FROM library WHERE name = 'Big'`).first<number>('id')) ?? 0;
  for (const filters of [
    { ratingFrom: '10' },
    { favorite: 'yes' },
    { watched: 'yes' },
    { kind: 'series' },
    { yearFrom: '2019' },
  ]) {
    const query = ItemsQuery.parse({ sort: 'random', ...filters });
    expect(await rowsRead((to) => browseGrid(to, EVERYTHING, library, query))).toBeLessThan(FILMS / 4);
  }
});

it('looks at a bounded number of hits', async () => {
  expect(await rowsRead((to) => searchItems(to, EVERYTHING, { q: 'star', limit: 60 }))).toBeLessThan(800);
});

it('reads one series to mark it as played', async () => {
  const show = await itemOf('Show 5');
  expect(await rowsRead((to) => setPlayed(to, 1, show.id, true, NOW))).toBeLessThan(400);
});

it('reads what a batch is about, not the catalog', async () => {
  const batch = await world.agent.batchOf([
    file('f5', movie('Star film 5', 1999)),
    file('new', movie('Star film new', 2000)),
  ]);
  expect(await rowsRead((to) => applyBatch(to, world.agent.id, batch, NOW))).toBeLessThan(600);
});
