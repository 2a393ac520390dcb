import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { keepFacetBlocks } from '../../edge/catalog/facet-blocks.ts';
import { browseGrid } from '../../edge/catalog/grids.ts';
import { randomPlaces } from '../../edge/catalog/random-order.ts';
import { MIN_BLOCK_ITEMS } from '../../edge/db/block-bits.ts';
import type { GridFilter } from '../../edge/db/grid-sources.ts';
import type { Scope } from '../../edge/db/scopes.ts';
import { ItemsQuery } from '../../shared/api/items.ts';
import type { Metadata } from '../../shared/protocol/sync.ts';
import { agentWith, count, file, gone, movie } from './catalog-world.ts';

/** Two tags of more than the fewest titles that blocks are made for, and one title in so many that has both. */
const FILMS = 2 * MIN_BLOCK_ITEMS + 200;
const BOTH = 25;

const EVERYTHING: Scope = { userId: 1, libMask: null, maxAge: null, unrated: true, hiddenSet: null };

const agent = await agentWith({ films: 'Films' });
const tagsOf = (i: number) => (i % BOTH === 0 ? ['left', 'right'] : [i % 2 ? 'left' : 'right']);
const film = (i: number, tags = tagsOf(i), more: Metadata = {}) =>
  file(`f${i}`, movie(`Film ${(i * 7919) % FILMS}`, 1950 + (i % 50)), { metadata: { tags, ...more } });

beforeAll(async () => {
  for (let from = 0; from < FILMS; from += 500)
    await agent.say(Array.from({ length: Math.min(500, FILMS - from) }, (_, i) => film(from + i)));
});

const facetId = (name: string) => env.DB.prepare('SELECT id FROM facet WHERE key = ?1').bind(`tag/${name}`).first('id');

/** All pages of what has both tags, by ids. */
async function shown(query: Record<string, string>, scope = EVERYTHING): Promise<string[]> {
  const library = (await env.DB.prepare('SELECT id FROM library').first<number>('id')) ?? 0;
  const asked = { tag: `${await facetId('left')},${await facetId('right')}`, limit: '20', ...query };
  const ids: string[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await browseGrid(env, scope, library, ItemsQuery.parse({ ...asked, ...(cursor ? { cursor } : {}) }));
    ids.push(...page.items.map((item) => item.id));
    if (page.next === null) return ids;
    cursor = page.next;
  }
}

/** The same by asking each title for both tags. */
async function truth(order: string): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT i.id FROM item i JOIN item_facet a ON a.item_id = i.id AND a.facet_id = ?1
    JOIN item_facet b ON b.item_id = i.id AND b.facet_id = ?2 WHERE i.deleted_at IS NULL ORDER BY ${order}`,
  )
    .bind(await facetId('left'), await facetId('right'))
    .all<{ id: number }>();
  return results.map(({ id }) => String(id));
}

async function isInStep(): Promise<void> {
  expect(await shown({})).toEqual(await truth('i.added_at DESC, i.id DESC'));
  expect(await shown({ sort: 'title' })).toEqual(await truth('i.sort_title, i.id'));
  expect(await shown({ sort: 'year', dir: 'asc' })).toEqual(await truth('i.year, i.id'));
}

it('marks what has become frequent, and makes its blocks', async () => {
  expect(await count(`facet WHERE kind = 'tag' AND blocks = 1`)).toBe(2);
  await isInStep();
  await keepFacetBlocks(env);
  expect(await count(`facet WHERE kind = 'tag' AND blocks = 2`)).toBe(2);
  await isInStep();
  expect((await truth('1')).length).toBe(FILMS / BOTH);
});

it('keeps blocks in step with what comes, changes and goes', async () => {
  await agent.say([
    file('new', movie('Newest', 2020), { metadata: { tags: ['right', 'left'] } }),
    film(1, ['left', 'right']),
    film(0, ['left']),
    gone('f25'),
  ]);
  await isInStep();
  expect((await truth('1')).length).toBe(FILMS / BOTH);
  await agent.say([film(25), film(0)]);
  await isInStep();
});

it('shows in an order by chance all that has both, once, and in the order of all titles', async () => {
  const both = await shown({ sort: 'random', seed: '3' });
  expect([...both].sort()).toEqual((await truth('1')).sort());
  const left = await shown({ sort: 'random', seed: '3', tag: `${await facetId('left')}` });
  expect(left.length).toBeGreaterThan(both.length);
  expect(left.filter((id) => both.includes(id))).toEqual(both);
  expect(await shown({ sort: 'random', seed: '4' })).not.toEqual(both);
});

it('shows the same by chance whether titles are looked for whole or as they come', async () => {
  const library = (await env.DB.prepare('SELECT id FROM library').first<number>('id')) ?? 0;
  const filter: GridFilter = {
    ...{ libraryId: library, facetIds: [], kind: undefined, watched: undefined, favorite: false },
    ...{ yearFrom: 1960, yearTo: undefined, ratingFrom: undefined, ratingTo: undefined },
  };
  const ask = (titles: number, years: Partial<GridFilter>) =>
    randomPlaces(env, EVERYTHING, { ...filter, ...years }, { titles, facets: [] }, 5, { after: null, limit: 300 });
  for (const years of [{}, { yearFrom: undefined }, { yearTo: 1961 }, { yearFrom: 2030 }]) {
    expect(await ask(1e9, years)).toEqual(await ask(FILMS, years));
  }
});

it('begins blocks again that were cut off while they were made', async () => {
  await env.DB.batch([env.DB.prepare('DELETE FROM facet_block'), env.DB.prepare('UPDATE facet SET blocks = 1')]);
  await agent.say([film(3, ['left', 'right'])]);
  await isInStep();
  await keepFacetBlocks(env);
  await isInStep();
});

it('shows of what facets share what a person may see', async () => {
  await agent.say([film(50, ['left', 'right'], { certification: 'G' })]);
  const child: Scope = { ...EVERYTHING, maxAge: 6, unrated: false };
  expect(await shown({}, child)).toHaveLength(1);
  expect(await shown({ yearFrom: '1950', yearTo: '1950' }, child)).toHaveLength(1);
  expect(await shown({ yearFrom: '1951' }, child)).toHaveLength(0);
});
