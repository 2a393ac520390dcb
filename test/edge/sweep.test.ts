import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { sweepCatalog } from '../../edge/catalog/sweep.ts';
import type { Metadata } from '../../shared/protocol/sync.ts';
import { agentWith, count, episode, file, gone, hex, itemOf, movie, NOW } from './catalog-world.ts';

const DAY_MS = 86_400_000;
const agent = await agentWith({ films: 'Swept', shows: 'Swept shows' });

const said = (overview: string, more: Metadata = {}): Metadata => ({ overview, ...more });

/** Every part of the names, one a day. */
async function sweepAll(from: number): Promise<void> {
  for (let day = 0; day < 64; day++) await sweepCatalog(env, from + day * DAY_MS);
}

const facets = async () =>
  (
    await env.DB.prepare(
      `SELECT name FROM facet WHERE kind IN ('tag', 'genre', 'person', 'studio') ORDER BY name`,
    ).all<{ name: string }>()
  ).results.map(({ name }) => name);

it('deletes what nothing says any more, and keeps all that something says or may say again', async () => {
  const [before, after, kept, lost] = await Promise.all(['before', 'after', 'kept', 'lost'].map((name) => hex(name)));
  await agent.say([
    file('a', movie('Replaced', 2001), {
      metadata: said('Old words.', {
        tags: ['Old tag', 'Hidden tag'],
        people: [{ name: 'Old Person', role: 'actor' }],
      }),
      artwork: { poster: before as string },
    }),
    file('b', movie('Stays', 2002), {
      metadata: said('Staying words.', { genres: ['Stays'] }),
      artwork: { poster: kept as string },
    }),
    file('c', movie('Goes', 2003), {
      metadata: said('Words of what is gone.', { studios: ['Gone Studio'] }),
      artwork: { poster: lost as string },
    }),
    file('d', episode('Show', 1, 1, 'Pilot'), {
      root: 'shows',
      metadata: said('Of an episode.', { genres: ['Only here'] }),
    }),
  ]);
  await env.IMAGES.put('marker', 'x');
  const hidden = await env.DB.prepare(`SELECT id FROM facet WHERE name = 'Hidden tag'`).first<number>('id');
  await env.DB.prepare('INSERT INTO hidden_facet (set_id, facet_id) VALUES (99, ?1)').bind(hidden).run();
  await agent.say([
    file('a', movie('Replaced', 2001), {
      metadata: said('New words.', { tags: ['New tag'] }),
      artwork: { poster: after as string },
    }),
    gone('c'),
  ]);
  expect(await count('description')).toBe(5);
  expect(await count('image')).toBe(4);

  // Said today: another day's sweep takes it.
  await sweepCatalog(env, NOW);
  expect(await count('description')).toBe(5);
  await sweepAll(NOW + DAY_MS);
  const { results } = await env.DB.prepare(`SELECT body->>'overview' AS text FROM description ORDER BY 1`).all();
  expect(results.map(({ text }) => text)).toEqual([
    ...['New words.', 'Of an episode.', 'Staying words.', 'Words of what is gone.'],
  ]);
  const images = await env.DB.prepare('SELECT id FROM image').all<{ id: string }>();
  expect(new Set(images.results.map(({ id }) => id))).toEqual(new Set([after, kept, lost]));
  expect(await facets()).toEqual(['Hidden tag', 'New tag', 'Only here', 'Stays']);
  expect(await env.IMAGES.get('marker')).not.toBeNull();

  // What was swept of a file that is gone comes back with it.
  await agent.say([
    file('c', movie('Goes', 2003), {
      metadata: said('Words of what is gone.', { studios: ['Gone Studio'] }),
      artwork: { poster: lost as string },
    }),
  ]);
  expect(await facets()).toContain('Gone Studio');
  expect((await itemOf('Goes')).deleted_at).toBeNull();
});

it('sweeps once a day', async () => {
  await agent.say([file('x', movie('Once', 2004), { metadata: said('First.', { tags: ['First tag'] }) })]);
  await agent.say([file('x', movie('Once', 2004), { metadata: said('Second.', { tags: ['Second tag'] }) })]);
  const day = NOW + 100 * DAY_MS;
  await sweepCatalog(env, day);
  expect(await facets()).not.toContain('First tag');
  await agent.say([file('x', movie('Once', 2004), { metadata: said('Third.') })]);
  await sweepCatalog(env, day + 1000);
  expect(await facets()).toContain('Second tag');
});
