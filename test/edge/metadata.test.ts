import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { applyBatch } from '../../edge/catalog/ingest.ts';
import { mergeItems, splitItem } from '../../edge/db/merges.ts';
import type { VideoStream } from '../../shared/media/media-info.ts';
import type { Metadata } from '../../shared/protocol/sync.ts';
import { agentWith, count, episode, file, gone, hex, itemOf, MEDIA, movie, NOW } from './catalog-world.ts';

const HEAT: Metadata = {
  ...{ originalTitle: 'Heat (original)', overview: 'Two men.', rating: 8.3, certification: 'US:R' },
  ...{ genres: ['Crime', 'Thriller'], studios: ['Regency'], tags: ['heist'], externalIds: { imdb: 'tt0113277' } },
  people: [
    { name: 'Michael Mann', role: 'director' },
    { name: 'Michael Mann', role: 'writer' },
    { name: 'Al Pacino', role: 'actor', character: 'Vincent' },
  ],
};

const VIDEO: VideoStream = {
  ...{ index: 0, codec: 'hevc', profile: null, level: null, width: 3840, height: 1600, sar: { num: 1, den: 1 } },
  hdr: 'hdr10',
  ...{ frameRate: { num: 24, den: 1 }, bitDepth: 10, interlaced: false, rotation: 0, bitrate: null },
  ...{ language: null, title: null, default: true },
};

async function facetsOf(title: string): Promise<Record<string, string | null>> {
  const { results } = await env.DB.prepare(
    `SELECT f.key, x.role FROM item i JOIN item_facet x ON x.item_id = i.id JOIN facet f ON f.id = x.facet_id
    WHERE i.title = ?1 AND f.kind <> 'site' ORDER BY x.place`,
  )
    .bind(title)
    .all<{ key: string; role: string | null }>();
  return Object.fromEntries(results.map((row) => [row.key, row.role]));
}

/** Facets whose count is not what facet_item has, or whose items are not those of item_facet. */
async function drift(): Promise<unknown[]> {
  const { results } = await env.DB.prepare(
    `SELECT f.key, f.items, (SELECT count(*) FROM facet_item x WHERE x.facet_id = f.id) AS listed,
      (SELECT count(*) FROM item_facet x JOIN item i ON i.id = x.item_id
        WHERE x.facet_id = f.id AND (i.browse = 1 OR (i.kind = 'episode' AND f.kind = 'person'))) AS had
    FROM facet f WHERE f.items <> listed OR listed <> had`,
  ).all();
  return results;
}

it('gives a title the facets, rating and age that its sidecar file names', async () => {
  const agent = await agentWith({ films: 'Facets' });
  const media = { ...MEDIA, video: [VIDEO] };
  await agent.say([file('heat', movie('Heat', 1995), { metadata: HEAT, media })]);
  expect(await facetsOf('Heat')).toEqual({
    ...{ 'genre/crime': null, 'genre/thriller': null, 'studio/regency': null, 'tag/heist': null },
    ...{ 'person/michael mann': 'director,writer', 'person/al pacino': 'actor' },
    ...{ 'resolution/2160p': null, 'codec/hevc': null, 'hdr/hdr10': null },
  });
  expect(await itemOf('Heat')).toMatchObject({ rating: 83, age: 17 });
  expect(await count(`library_item WHERE age = 17 AND rating = 83`)).toBe(1);
  expect(await drift()).toEqual([]);
});

it('follows what a sidecar file says later, and what goes and comes back', async () => {
  const agent = await agentWith({ films: 'Later' });
  await agent.say([
    file('a', movie('Later A'), { metadata: { genres: ['Drama', 'Noir'] } }),
    file('b', movie('Later B'), { metadata: { genres: ['Noir'] } }),
  ]);
  await agent.say([file('a', movie('Later A'), { metadata: { genres: ['Drama', 'Comedy'], rating: 5 } })]);
  expect(Object.keys(await facetsOf('Later A'))).toEqual(['genre/drama', 'genre/comedy']);
  expect(await drift()).toEqual([]);
  const items = async () =>
    await env.DB.prepare(`SELECT items FROM facet WHERE key = 'genre/noir'`).first<number>('items');
  expect(await items()).toBe(1);
  await agent.say([gone('b')]);
  expect(await items()).toBe(0);
  await agent.say([file('b', movie('Later B'), { metadata: { genres: ['Noir'] } })]);
  expect(await items()).toBe(1);
  expect(await drift()).toEqual([]);
});

it('gives a series the facets of its own sidecar file and of its episodes’ files, and an episode its guests', async () => {
  const agent = await agentWith({ shows: 'Facet Shows' });
  const seriesMetadata: Metadata = { genres: ['Sci-Fi'], certification: 'TV-14' };
  await agent.say([
    file('1', episode('Facet Show', 1, 1, 'Facet One'), {
      seriesMetadata,
      metadata: { people: [{ name: 'Guest Star', role: 'guest' }] },
    }),
    file('2', episode('Facet Show', 1, 2, 'Facet Two'), { seriesMetadata, media: { ...MEDIA, video: [VIDEO] } }),
  ]);
  expect(Object.keys(await facetsOf('Facet Show'))).toEqual([
    'genre/sci fi',
    'codec/hevc',
    'hdr/hdr10',
    'resolution/2160p',
  ]);
  expect(await facetsOf('Facet One')).toEqual({ 'person/guest star': 'guest' });
  expect(await itemOf('Facet Show')).toMatchObject({ age: 14 });
  expect(await drift()).toEqual([]);
});

it('writes nothing but the cursor when the same is said again', async () => {
  const agent = await agentWith({ films: 'Same' });
  const said = [
    file('s', movie('Same Heat', 1995), { metadata: { ...HEAT, externalIds: { imdb: 'tt1' } } }),
    file('t', movie('Same Nothing')),
  ];
  await agent.say(said);
  const snapshot = async () => {
    const tables = ['item', 'file', 'library_item', 'item_facet', 'facet_item', 'facet', 'item_key', 'term_del'];
    return Promise.all(tables.map(async (table) => (await env.DB.prepare(`SELECT * FROM ${table}`).all()).results));
  };
  const before = await snapshot();
  const batch = await agent.batchOf(said);
  const written: number[] = [];
  const db = new Proxy(env.DB, {
    get: (target, name) =>
      name === 'batch'
        ? async (statements: D1PreparedStatement[]) => {
            const results = await target.batch(statements);
            written.push(...results.map((result) => result.meta.rows_written));
            return results;
          }
        : (target[name as keyof D1Database] as (...args: unknown[]) => unknown).bind(target),
  });
  await applyBatch({ ...env, DB: db }, agent.id, batch, NOW);
  expect(await snapshot()).toEqual(before);
  expect(written.reduce((sum, rows) => sum + rows, 0)).toBeLessThanOrEqual(1);
});

it('shows one title for what two sites name differently, once an id says that it is one', async () => {
  const home = await agentWith({ films: 'One title' });
  const cabin = await agentWith({ films: 'One title' }, 'One Cabin');
  await home.say([file('x', movie('Solaris', 1972)), file('y', movie('Solaris Copy', 1972))]);
  await cabin.say([file('x', movie('Solyaris', 1972), { metadata: { externalIds: { imdb: 'tt0069293' } } })]);
  const [first, second] = [await itemOf('Solaris'), await itemOf('Solyaris')];
  await home.say([file('y', movie('Solaris', 1972), { metadata: { externalIds: { imdb: 'tt0069293' } } })]);
  expect(await count(`file WHERE deleted_at IS NULL AND item_id = ${second.id}`)).toBe(3);
  expect(
    await env.DB.prepare('SELECT deleted_at FROM item WHERE id = ?1').bind(first.id).first('deleted_at'),
  ).not.toBeNull();
  expect(await count(`item_alias WHERE item_id = ${first.id} AND target_id = ${second.id}`)).toBe(1);

  // An admin takes them apart: what called itself by the first name goes back, and stays there.
  expect(await splitItem(env.DB, first.id, NOW)).toBe(true);
  expect(await count(`file WHERE deleted_at IS NULL AND item_id = ${first.id}`)).toBe(2);
  await home.say([file('y', movie('Solaris', 1972), { metadata: { externalIds: { imdb: 'tt0069293' }, rating: 9 } })]);
  expect(await count(`file WHERE deleted_at IS NULL AND item_id = ${first.id}`)).toBe(2);
  expect(await drift()).toEqual([]);
});

it('takes a film with and without its year for one, across sites', async () => {
  const home = await agentWith({ films: 'Years' });
  const cabin = await agentWith({ films: 'Years' }, 'Year Cabin');
  await home.say([file('x', movie('Stalker'))]);
  await cabin.say([file('x', movie('Stalker', 1979))]);
  expect(await itemOf('Stalker')).toMatchObject({ year: 1979, deleted_at: null });
  expect(await count(`file f JOIN item i ON i.id = f.item_id WHERE i.title = 'Stalker'`)).toBe(2);
  await home.say([file('z', movie('Stalker', 2010))]);
  expect(await count(`item WHERE title = 'Stalker' AND deleted_at IS NULL`)).toBe(2);
});

it('merges two series with all below, by hand, and takes them apart again', async () => {
  const agent = await agentWith({ shows: 'Series merge' });
  await agent.say([
    file('a1', episode('Office US', 1, 1, 'Merge US 1')),
    file('a2', episode('Office US', 1, 2, 'Merge US 2')),
    file('b1', episode('The Office (US)', 1, 1, 'Merge Other 1'), { fingerprint: await hex('other') }),
    file('b3', episode('The Office (US)', 2, 1, 'Merge Other 3')),
  ]);
  const [target, source] = [await itemOf('Office US'), await itemOf('The Office (US)')];
  await mergeItems(env.DB, source.id, target.id, true, NOW);
  const live = (rootId: number) => count(`item WHERE root_id = ${rootId} AND kind = 'episode' AND deleted_at IS NULL`);
  expect([await live(target.id), await live(source.id)]).toEqual([3, 0]);
  expect(await env.DB.prepare('SELECT episodes FROM item WHERE id = ?1').bind(target.id).first('episodes')).toBe(3);
  await agent.say([file('b4', episode('The Office (US)', 2, 2, 'Merge Other 4'))]);
  expect(await live(target.id)).toBe(4);
  expect(await splitItem(env.DB, source.id, NOW)).toBe(true);
  expect([await live(target.id), await live(source.id)]).toEqual([2, 3]);
  expect(await drift()).toEqual([]);
});

it('makes one title of two that are merged into each other at the same moment', async () => {
  const agent = await agentWith({ films: 'Races' });
  await agent.say([
    file('1', movie('Race One', 2000)),
    file('2', movie('Race Two', 2000)),
    file('3', movie('Race Three', 2000)),
  ]);
  const [a, b, c] = [await itemOf('Race One'), await itemOf('Race Two'), await itemOf('Race Three')];
  await Promise.all([
    mergeItems(env.DB, a.id, b.id, false, NOW),
    mergeItems(env.DB, b.id, a.id, false, NOW),
    mergeItems(env.DB, c.id, a.id, false, NOW),
    mergeItems(env.DB, b.id, c.id, false, NOW),
  ]);
  const ids = `(${a.id}, ${b.id}, ${c.id})`;
  expect(await count(`item WHERE id IN ${ids} AND deleted_at IS NULL`)).toBe(1);
  expect(await count(`(SELECT DISTINCT item_id FROM file WHERE item_id IN ${ids})`)).toBe(1);
  expect(await count(`item_alias WHERE item_id IN ${ids}`)).toBe(2);
  expect(await count(`item_alias x WHERE EXISTS (SELECT 1 FROM item_alias y WHERE y.item_id = x.target_id)`)).toBe(0);
  expect(await drift()).toEqual([]);
});

it('fills the vocabulary with the words of titles and names', async () => {
  const agent = await agentWith({ films: 'Words' });
  await agent.say([
    file('w', movie('Xylophone Quartet'), { metadata: { people: [{ name: 'Zbigniew Preisner', role: 'writer' }] } }),
  ]);
  expect(await count(`term WHERE term IN ('xylophone', 'quartet', 'zbigniew', 'preisner')`)).toBe(4);
  expect(await count(`term_del WHERE rest = 'quarte' AND term = 'quartet'`)).toBe(1);
});
