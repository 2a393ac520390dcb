import { env } from 'cloudflare:workers';
import { beforeAll, expect, it } from 'vitest';
import { AuditPage } from '../../shared/api/audit.ts';
import { ItemMetadata } from '../../shared/api/curation.ts';
import { ItemDetail, ItemPage, SearchAnswer } from '../../shared/api/items.ts';
import type { Metadata } from '../../shared/protocol/sync.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, count, episode, file, itemOf, movie } from './catalog-world.ts';

const admin = await callerOf('admin');
const member = await callerOf('member');
const agent = await agentWith({ films: 'Films', shows: 'Shows' });

const SAID: Metadata = {
  ...{ overview: 'From the file.', rating: 6.1, certification: 'PG-13', originalTitle: 'Urtitel' },
  ...{ genres: ['Drama'], tags: ['old tag'], people: [{ name: 'Some Actor', role: 'actor' }] },
};
const said = (more: Partial<Metadata> = {}) => [
  file('1', movie('Misnamed film', 1999), { metadata: { ...SAID, ...more } }),
];
let id = 0;

beforeAll(async () => {
  await agent.say(said());
  await agent.say([file('e', episode('Misnamed show', 1, 1, 'First'), { root: 'shows' })]);
  id = (await itemOf('Misnamed film')).id;
});

const edit = async (fields: object, of = id) => {
  const response = await admin.call('PUT', `/items/${of}/metadata`, { fields });
  return response.ok ? ItemMetadata.parse(await response.json()) : response.status;
};

it('keeps what an admin says against what files say later, and follows the files in all the rest', async () => {
  expect((await admin.get(`/items/${id}/metadata`, ItemMetadata)).locked).toEqual([]);
  const fields = {
    ...{ title: 'The Right Name', overview: 'By hand.', year: 1998, certification: 'R' },
    genres: ['Comedy', 'New Genre'],
  };
  expect(await edit(fields)).toMatchObject({
    fields: { ...fields, rating: 6.1, tags: ['old tag'], originalTitle: 'Urtitel' },
    locked: ['title', 'year', 'overview', 'certification', 'genres'],
  });
  await agent.say(
    said({ overview: 'Said anew.', rating: 7, genres: ['Horror'], tags: ['new tag'], certification: 'G' }),
  );
  const shown = await member.get(`/items/${id}`, ItemDetail);
  expect(shown).toMatchObject({ title: 'The Right Name', overview: 'By hand.', year: 1998, rating: 7 });
  expect(shown.genres.map((genre) => genre.name)).toEqual(['Comedy', 'New Genre']);
  expect(shown.tags.map((tag) => tag.name)).toEqual(['new tag']);
  expect(shown.people.map((person) => person.name)).toEqual(['Some Actor']);
  expect(await env.DB.prepare('SELECT age, sort_title FROM item WHERE id = ?1').bind(id).first()).toEqual({
    ...{ age: 17, sort_title: 'right name' },
  });
});

it('takes people too, each with what they did and whom they play, and gives them back to the file', async () => {
  await agent.say([
    file('p', movie('Peopled film', 2001), {
      metadata: { people: [{ name: 'From The File', role: 'actor', character: 'Filed' }] },
    }),
  ]);
  const of = (await itemOf('Peopled film')).id;
  const people = [
    { name: 'Both Ways', role: 'director', character: null },
    { name: 'Both Ways', role: 'actor', character: 'Herself' },
    { name: 'Only Writes', role: 'writer', character: null },
  ];
  expect(await edit({ people }, of)).toMatchObject({ fields: { people }, locked: ['people'] });
  await agent.say([
    file('p', movie('Peopled film', 2001), { metadata: { people: [{ name: 'Filed Anew', role: 'actor' }] } }),
  ]);
  expect((await member.get(`/items/${of}`, ItemDetail)).people).toMatchObject([
    { name: 'Both Ways', roles: ['director', 'actor'], character: 'Herself' },
    { name: 'Only Writes', roles: ['writer'], character: null },
  ]);
  expect((await member.get('/search?q=only%20wr', SearchAnswer)).facets.map(({ name }) => name)).toEqual([
    'Only Writes',
  ]);
  expect(await edit({}, of)).toMatchObject({ fields: { people: [{ name: 'Filed Anew', role: 'actor' }] }, locked: [] });
  expect(await edit({ people: [{ name: 'X', role: 'caterer' }] }, of)).toBe(400);
});

it('is written down, with who did it', async () => {
  const { items } = await admin.get('/audit?event=title.changed', AuditPage);
  expect(items.at(-1)).toMatchObject({
    actorId: String(admin.principal.userId),
    subject: 'Misnamed film: title, overview, year, certification, genres',
  });
});

it('is found, listed and sorted by what was said', async () => {
  const found = await member.get('/search?q=right', SearchAnswer);
  expect(found.items.map((item) => item.id)).toEqual([String(id)]);
  expect((await member.get('/search?q=rihgt', SearchAnswer)).items.length).toBe(1);
  expect((await member.get('/search?q=misnamed%20film', SearchAnswer)).items).toEqual([]);
  const genre = await env.DB.prepare(`SELECT id FROM facet WHERE key = 'genre/new genre'`).first('id');
  expect((await member.get(`/items?genre=${genre}`, ItemPage)).items.map((item) => item.id)).toEqual([String(id)]);
  expect(await count(`facet_item WHERE facet_id IN (SELECT id FROM facet WHERE key = 'genre/horror')`)).toBe(0);
  expect(await count(`library_item WHERE item_id = ${id} AND sort_title = 'right name' AND year = 1998`)).toBe(1);
});

it('says that there is none of something', async () => {
  expect(await edit({ overview: null, year: null, rating: null, genres: [] })).toMatchObject({
    fields: { title: 'Misnamed film', overview: null, year: null, rating: null, genres: [] },
    locked: ['year', 'rating', 'overview', 'genres'],
  });
});

it('goes all the way back', async () => {
  expect(await edit({})).toMatchObject({
    fields: { title: 'Misnamed film', overview: 'Said anew.', year: 1999, rating: 7, genres: ['Horror'] },
    locked: [],
  });
  expect(await count('item_edit')).toBe(0);
  expect((await member.get('/search?q=misnamed', SearchAnswer)).items.length).toBe(2);
});

it('edits series and episodes, and no seasons', async () => {
  const [show, first] = [await itemOf('Misnamed show'), await itemOf('First')];
  expect(await edit({ title: 'Show', tags: ['by hand'] }, show.id)).toMatchObject({ fields: { tags: ['by hand'] } });
  expect(await edit({ title: 'Pilot' }, first.id)).toMatchObject({ fields: { title: 'Pilot' } });
  await agent.say([file('e2', episode('Misnamed show', 1, 2, 'Second'), { root: 'shows' })]);
  expect((await member.get(`/items/${show.id}`, ItemDetail)).title).toBe('Show');
  const season = await env.DB.prepare(`SELECT id FROM item WHERE kind = 'season'`).first<number>('id');
  expect(await edit({ title: 'x' }, season ?? 0)).toBe(400);
  expect(await edit({ title: 'x' }, 999_999)).toBe(404);
  expect(await edit({ title: ' ' })).toBe(400);
  expect((await member.call('PUT', `/items/${id}/metadata`, { fields: {} })).status).toBe(403);
});
