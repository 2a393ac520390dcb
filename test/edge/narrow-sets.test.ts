import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { keepNarrowSets } from '../../edge/catalog/narrow-sets.ts';
import { forgetHidden, scopeOf } from '../../edge/catalog/scope.ts';
import { hideFrom, Parameters, type Scope, visible } from '../../edge/db/scopes.ts';
import { FacetPage } from '../../shared/api/facets.ts';
import { ItemPage } from '../../shared/api/items.ts';
import { Libraries } from '../../shared/api/libraries.ts';
import type { Metadata } from '../../shared/protocol/sync.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, count, file, gone, itemOf, movie, NOW } from './catalog-world.ts';

/** More than the smallest catalog that lists are kept for. */
const FILMS = 2_100;
const FOR_ALL = 40;

const agent = await agentWith({ films: 'Films' });
const admin = await callerOf('admin');
const child = await callerOf('child');

const metadataOf = (i: number): Metadata => ({
  certification: i % (FILMS / FOR_ALL) < 1 ? 'G' : 'R',
  genres: [`Genre ${i % 3}`],
  tags: [`Tag ${i % 7}`],
});
const film = (i: number, more: Partial<Metadata> = {}) =>
  file(`f${i}`, movie(`Film ${i}`, 1950 + (i % 50)), { metadata: { ...metadataOf(i), ...more } });

beforeAll(async () => {
  await env.DB.prepare('INSERT INTO user_restriction (user_id, max_age) VALUES (?1, 6)')
    .bind(child.principal.userId)
    .run();
  for (let from = 0; from < FILMS; from += 500) {
    await agent.say(Array.from({ length: Math.min(500, FILMS - from) }, (_, i) => film(from + i)));
  }
  await keepNarrowSets(env, NOW);
});

async function scopeOfChild(): Promise<Scope> {
  forgetHidden();
  return scopeOf(env, { ...child.principal, role: 'child', restrictions: { libMask: null, maxAge: 6 } });
}

/** What the list holds, and what by the rules it has to. */
async function compared(): Promise<{ listed: unknown[]; seen: unknown[]; counted: number | undefined }> {
  const scope = await scopeOfChild();
  const p = new Parameters();
  const seen = await env.DB.prepare(
    `SELECT i.id, i.sort_title AS title, coalesce(i.year, 0) AS year, coalesce(i.age, 999) AS age FROM item i
    LEFT JOIN item s ON s.id = i.root_id WHERE i.browse = 1 AND i.deleted_at IS NULL AND ${visible(scope, p)} ORDER BY i.id`,
  )
    .bind(...p.values)
    .all();
  const listed = await env.DB.prepare(
    'SELECT item_id AS id, sort_title AS title, year, age FROM narrow_item WHERE set_id = ?1 ORDER BY item_id',
  )
    .bind(scope.narrow?.setId ?? 0)
    .all();
  return { listed: listed.results, seen: seen.results, counted: scope.narrow?.items };
}

async function isInStep(): Promise<void> {
  const { listed, seen, counted } = await compared();
  expect(listed).toEqual(seen);
  expect(counted).toBe(seen.length);
}

it('lists what a person sees who sees little, and stays in step with the catalog', async () => {
  await isInStep();
  expect((await compared()).listed.length).toBeGreaterThan(FOR_ALL / 2);
  // New, shown now, hidden now, of another title and year, gone, back.
  await agent.say([
    file('n1', movie('New one', 2020), { metadata: { certification: 'G' } }),
    film(1, { certification: 'G' }),
    film(0, { certification: 'R' }),
    file(`f${53}`, movie('Film called anew', 1999), { metadata: metadataOf(0) }),
    gone('f105'),
  ]);
  await isInStep();
  await agent.say([film(105, { certification: 'G' })]);
  await isInStep();
});

it('answers from the list what the rules answer', async () => {
  const library = await env.DB.prepare(`SELECT id FROM library WHERE name = 'Films'`).first<number>('id');
  const genre = await env.DB.prepare(`SELECT id FROM facet WHERE key = 'genre/genre 0'`).first<number>('id');
  const ask = async (query: string) =>
    (await child.get(`/libraries/${library}/items?limit=100&${query}`, ItemPage)).items.map((item) => item.id);
  const queries = [
    ...['sort=added', 'sort=title', 'sort=rating&dir=asc', 'sort=random&seed=5', 'yearFrom=1960&yearTo=1970'],
    ...[`genre=${genre}`, `genre=${genre}&sort=title`, 'watched=no&sort=year'],
  ];
  forgetHidden();
  const listed: string[][] = [];
  for (const query of queries) listed.push((await ask(query)).sort());
  await env.DB.prepare(`UPDATE narrow_set SET state = 'building'`).run();
  forgetHidden();
  const walked: string[][] = [];
  for (const query of queries) walked.push((await ask(query)).sort());
  await env.DB.prepare(`UPDATE narrow_set SET state = 'kept'`).run();
  expect(listed).toEqual(walked);
  expect(listed[0]?.length).toBeGreaterThan(20);
  expect((await admin.get(`/libraries/${library}/items?limit=100`, ItemPage)).items.length).toBe(100);
});

it('finds all that begins with a word, or has it, of what little a person sees', async () => {
  forgetHidden();
  const found = async (q: string) =>
    (await child.get(`/search?q=${encodeURIComponent(q)}&limit=100`, ItemPage)).items.map((item) => item.title);
  const films = ((await compared()).seen as { title: string }[]).filter(({ title }) => title.startsWith('film'));
  for (const q of ['f', 'fi', 'film']) expect(await found(q)).toHaveLength(films.length);
  const last = FILMS - 2 * (FILMS / FOR_ALL);
  expect(await found(`${last}`)).toEqual([`Film ${last}`]);
  expect(await found(`${last + 1}`)).toEqual([]);
});

it('knows which tags, genres and people are worth asking for, and shows the same without knowing', async () => {
  await agent.say([film(7, { people: [{ name: 'Grown-up Actor', role: 'actor' }], tags: ['Tag for grown-ups'] })]);
  const asked = async () => {
    forgetHidden();
    const lists: string[] = [];
    for (const path of ['/tags', '/genres', '/people', '/search?q=ta', '/search?q=ge', '/search?q=gro', '/traits'])
      lists.push(await (await child.call('GET', path)).text());
    return lists;
  };
  const known = await asked();
  await env.DB.prepare('UPDATE narrow_set SET faceted = 0').run();
  expect(await asked()).toEqual(known);
  expect(known.join()).not.toContain('rown-up');
  expect(known[3]).toMatch(/Tag \d/);
  // A list from before its facets were kept is built again, and keeps what it has.
  await env.DB.prepare('DELETE FROM narrow_facet').run();
  await keepNarrowSets(env, NOW + 1);
  expect((await scopeOfChild()).narrow).toBeUndefined();
  await keepNarrowSets(env, NOW + 2);
  expect((await scopeOfChild()).narrow?.faceted).toBe(true);
  expect(await asked()).toEqual(known);
  await isInStep();
  await agent.say([
    file('n2', movie('Newest', 2021), { metadata: { certification: 'G', tags: ['Tag of a new one'] } }),
  ]);
  expect((await asked())[0]).toContain('Tag of a new one');
});

it('counts what a person sees of a library, from the list and without it', async () => {
  const told = async () => {
    forgetHidden();
    return (await child.get('/libraries', Libraries)).items.map(({ items, more }) => [items, more]);
  };
  const { seen } = await compared();
  expect(await told()).toEqual([[seen.length, false]]);
  await env.DB.prepare(`UPDATE narrow_set SET state = 'building'`).run();
  // Of a library of thousands the first thousand say how many there are at least.
  const [[items, more] = []] = await told();
  expect([Number(items) > 0 && Number(items) <= seen.length, more]).toEqual([true, true]);
  await env.DB.prepare(`UPDATE narrow_set SET state = 'kept'`).run();
});

it('makes a new list when the rules change, and forgets the old one', async () => {
  const tags = (await admin.get('/tags', FacetPage)).items.filter((tag) => tag.name === 'Tag 0');
  await hideFrom(
    env,
    child.principal.userId,
    tags.map((tag) => Number(tag.id)),
  );
  expect((await scopeOfChild()).narrow).toBeUndefined();
  await keepNarrowSets(env, NOW + 1);
  await isInStep();
  await keepNarrowSets(env, NOW + 2);
  expect(await count('narrow_set')).toBe(1);
  const hidden = await itemOf('Film 105');
  expect(await count(`narrow_item WHERE item_id = ${hidden.id}`)).toBe(0);
  await agent.say([film(105, { certification: 'G', tags: ['Another'] })]);
  await isInStep();
  expect(await count(`narrow_item WHERE item_id = ${hidden.id}`)).toBe(1);
});

it('makes the list as soon as it is said what somebody may see', async () => {
  const change = { role: 'child', libraryIds: null, maxAge: 7, disabled: false };
  expect((await admin.call('PUT', `/users/${child.principal.userId}`, change)).status).toBe(200);
  await expect.poll(() => count(`narrow_set WHERE max_age = 7 AND state = 'kept'`)).toBe(1);
});

it('keeps no list of what would be most of the catalog', async () => {
  await env.DB.prepare('UPDATE user_restriction SET max_age = 18 WHERE user_id = ?1')
    .bind(child.principal.userId)
    .run();
  await keepNarrowSets(env, NOW + 3);
  const set = await env.DB.prepare(`SELECT state, items FROM narrow_set WHERE max_age = 18`).first();
  expect(set).toMatchObject({ state: 'wide' });
  expect(await count('narrow_item')).toBe(0);
});
