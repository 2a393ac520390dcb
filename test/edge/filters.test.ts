import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { saveProgress } from '../../edge/db/user-items.ts';
import { AuditPage } from '../../shared/api/audit.ts';
import {
  Activity,
  FacetPage,
  HistoryPage,
  Person,
  Playlist,
  Playlists,
  StatsSummary,
  TopFacets,
  TopItems,
} from '../../shared/api/facets.ts';
import { ItemDetail, ItemPage, SearchAnswer, UserData } from '../../shared/api/items.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, episode, file, itemOf, MEDIA, movie, NOW } from './catalog-world.ts';

const viewer = await callerOf('member');
const agent = await agentWith({ films: 'Filters', shows: 'Filter Shows' });
const french = {
  index: 1,
  codec: 'aac',
  profile: null,
  channels: 2,
  sampleRate: 48000,
  bitrate: null,
  language: 'fra',
  title: null,
  default: true,
};
const people = [{ name: 'Agnès Varda', role: 'director' as const }];
await agent.say([
  file('a', movie('Alpha', 1990), {
    mtimeMs: NOW - 5000,
    metadata: { genres: ['Drama', 'War'], rating: 6, people, tags: ['sea'] },
  }),
  file('b', movie('Beta', 2000), {
    mtimeMs: NOW - 4000,
    metadata: { genres: ['Drama'], rating: 9, studios: ['Ciné'], collections: ['Greek'] },
  }),
  file('c', movie('Gamma', 2010), {
    mtimeMs: NOW - 3000,
    metadata: { genres: ['War'], people, originalTitle: 'Zauberberg', overview: 'About.' },
  }),
  file('d', movie('Delta', 2020), { mtimeMs: NOW - 2000, media: { ...MEDIA, durationMs: 1_000_000, audio: [french] } }),
  file('e', episode('Epsilon', 1, 1, 'First light'), {
    root: 'shows',
    metadata: { people: [{ name: 'Jane Guest', role: 'guest' }] },
    seriesMetadata: { genres: ['Drama'], rating: 7 },
  }),
]);
const libraryId = await env.DB.prepare(`SELECT id FROM library WHERE name = 'Filters'`).first<number>('id');

const grid = async (query: string): Promise<string[]> =>
  (await viewer.get(`/libraries/${libraryId}/items?${query}`, ItemPage)).items.map((item) => item.title);
const idOf = async (list: string, name: string): Promise<string> => {
  const { items } = await viewer.get(`/${list}`, FacetPage);
  return items.find((one) => one.name === name)?.id ?? 'none';
};

it('sorts a library by rating, by length and by chance', async () => {
  expect(await grid('sort=rating')).toEqual(['Beta', 'Alpha', 'Delta', 'Gamma']);
  expect(await grid('sort=runtime&dir=asc')).toEqual(['Delta', 'Alpha', 'Beta', 'Gamma']);
  const orders = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => grid(`sort=random&seed=${seed}`)));
  expect(new Set(orders.map(String)).size).toBeGreaterThan(1);
  for (const order of orders) expect([...order].sort()).toEqual(['Alpha', 'Beta', 'Delta', 'Gamma']);
  const pages: string[] = [];
  for (let cursor = ''; ; ) {
    const page = await viewer.get(`/libraries/${libraryId}/items?sort=random&seed=3&limit=1${cursor}`, ItemPage);
    pages.push(...page.items.map((item) => item.title));
    if (page.next === null) break;
    cursor = `&cursor=${page.next}`;
  }
  expect(pages).toEqual(orders[2]);
});

it('combines filters', async () => {
  const [drama, war, varda] = [
    await idOf('genres', 'Drama'),
    await idOf('genres', 'War'),
    await idOf('people', 'Agnès Varda'),
  ];
  expect(await grid(`genre=${drama}`)).toEqual(['Beta', 'Alpha']);
  expect(await grid(`genre=${drama},${war}`)).toEqual(['Alpha']);
  expect(await grid(`genre=${war}&person=${varda}&sort=title`)).toEqual(['Alpha', 'Gamma']);
  expect(await grid(`genre=${war}&yearFrom=2000`)).toEqual(['Gamma']);
  expect(await grid('yearFrom=1995&yearTo=2012&sort=year')).toEqual(['Gamma', 'Beta']);
  expect(await grid('ratingFrom=5&ratingTo=7')).toEqual(['Alpha']);
  expect(await grid('language=fra')).toEqual(['Delta']);
  expect(await grid('language=xyz')).toEqual([]);
  expect(await grid('kind=series')).toEqual([]);
  expect(
    await grid(`studio=${await idOf('studios', 'Ciné')}&collection=${await idOf('collections', 'Greek')}`),
  ).toEqual(['Beta']);
  expect((await viewer.get(`/items?genre=${drama}&sort=title`, ItemPage)).items.map((item) => item.title)).toEqual([
    'Alpha',
    'Beta',
    'Epsilon',
  ]);
  expect((await viewer.call('GET', '/items')).status).toBe(400);
});

it('refuses a cursor of other filters', async () => {
  const { next } = await viewer.get(`/libraries/${libraryId}/items?limit=1`, ItemPage);
  expect((await viewer.call('GET', `/libraries/${libraryId}/items?limit=1&yearFrom=1990&cursor=${next}`)).status).toBe(
    400,
  );
});

it('shows what a sidecar file says on the page of a title, and leads from its people to their titles', async () => {
  const { id } = await itemOf('Gamma');
  const detail = await viewer.get(`/items/${id}`, ItemDetail);
  expect(detail).toMatchObject({
    overview: 'About.',
    originalTitle: 'Zauberberg',
    people: [{ name: 'Agnès Varda', roles: ['director'] }],
  });
  const person = await viewer.get(`/people/${detail.people[0]?.id}`, Person);
  expect(person).toMatchObject({ name: 'Agnès Varda', items: 2, episodes: [] });
  const guest = await viewer.get(`/people/${await idOf('people', 'Jane Guest')}`, Person);
  expect(guest.episodes.map((one) => one.title)).toEqual(['First light']);
  expect((await viewer.get(`/items/${id}/similar`, ItemPage)).items.map((item) => item.title)).toEqual(['Alpha']);
});

it('finds titles by original titles, people, and one letter gone wrong', async () => {
  const search = async (q: string) => {
    const { items, facets } = await viewer.get(`/search?q=${encodeURIComponent(q)}`, SearchAnswer);
    return [items.map((item) => item.title), facets.map((facet) => facet.name)];
  };
  expect(await search('zauber')).toEqual([['Gamma'], []]);
  expect(await search('varda')).toEqual([[], ['Agnès Varda']]);
  expect(await search('vardo')).toEqual([[], ['Agnès Varda']]);
  expect(await search('epsiln')).toEqual([['Epsilon'], []]);
  expect(await search('gmama')).toEqual([['Gamma'], []]);
  expect(await search('g')).toEqual([['Gamma'], []]);
  expect(await search('qqqqqq')).toEqual([[], []]);
});

it('keeps ratings, favourites, history and what was played last', async () => {
  const person = await callerOf('member');
  const [alpha, beta] = [await itemOf('Alpha'), await itemOf('Beta')];
  const rated = await person.call('PUT', `/items/${alpha.id}/rating`, { rating: 8 });
  expect(UserData.parse(await rated.json()).rating).toBe(8);
  expect((await person.call('PUT', `/items/${alpha.id}/rating`, { rating: 11 })).status).toBe(400);
  await person.call('PUT', `/items/${beta.id}/favorite`, { favorite: true });
  expect((await person.get('/users/me/favorites', ItemPage)).items.map((item) => item.title)).toEqual(['Beta']);
  const { userId } = person.principal;
  for (const [at, { id }] of [
    [NOW, alpha],
    [NOW + 1, beta],
    [NOW + 2, alpha],
  ] as const) {
    await saveProgress(env, userId, id, 100_000, 5_400_000, at);
    await saveProgress(env, userId, id, 5_400_000, 5_400_000, at);
    await saveProgress(env, userId, id, 5_400_000, 5_400_000, at + 100);
  }
  const history = await person.get('/users/me/history', HistoryPage);
  expect(history.items.map(({ at, item }) => [at - NOW, item.title])).toEqual([
    [2, 'Alpha'],
    [1, 'Beta'],
    [0, 'Alpha'],
  ]);
  const played = await person.get(`/libraries/${libraryId}/items?sort=played`, ItemPage);
  expect(played.items.map((item) => item.title)).toEqual(['Alpha', 'Beta']);
  expect(
    (await person.get(`/libraries/${libraryId}/items?watched=no&sort=title`, ItemPage)).items.map((item) => item.title),
  ).toEqual(['Delta', 'Gamma']);
  const top = await person.get('/stats/top-items', TopItems);
  expect(top.items.map(({ item, plays, watchedMs }) => [item.title, plays, watchedMs])).toEqual([
    ['Alpha', 2, 10_800_000],
    ['Beta', 1, 5_400_000],
  ]);
  expect((await person.get('/stats/top-genres', TopFacets)).items.map(({ name, plays }) => [name, plays])).toEqual([
    ['Drama', 3],
    ['War', 2],
  ]);
  expect((await person.get('/stats/top-people?by=time', TopFacets)).items[0]).toMatchObject({
    name: 'Agnès Varda',
    plays: 2,
  });
  const day = await env.DB.prepare('SELECT plays FROM watch_day WHERE user_id = 0').first('plays');
  expect(day).toBe(3);
  expect((await person.get('/stats/activity?days=366', Activity)).days).toEqual([
    { date: '2026-01-15', plays: 3, watchedMs: 16_200_000 },
  ]);
  expect(await person.get('/stats/summary', StatsSummary)).toMatchObject({
    ...{ all: { plays: 3, watchedMs: 16_200_000 }, days: 1 },
  });
  expect((await person.call('GET', '/stats/summary?of=everyone')).status).toBe(403);
  expect((await person.call('GET', '/stats/top-items?of=everyone')).status).toBe(403);
});

it('keeps playlists for their owners alone', async () => {
  const person = await callerOf('member');
  const made = Playlist.parse(await (await person.call('POST', '/playlists', { name: 'Evening' })).json());
  const items = [(await itemOf('Beta')).id, (await itemOf('Alpha')).id].map(String);
  expect((await person.call('PUT', `/playlists/${made.id}`, { items, name: 'Night' })).status).toBe(200);
  expect((await person.get(`/playlists/${made.id}/items`, ItemPage)).items.map((item) => item.title)).toEqual([
    'Beta',
    'Alpha',
  ]);
  expect((await person.get('/playlists', Playlists)).items.map((one) => one.name)).toEqual(['Night']);
  for (const [method, path] of [
    ['GET', `/playlists/${made.id}/items`],
    ['PUT', `/playlists/${made.id}`],
    ['DELETE', `/playlists/${made.id}`],
  ] as const) {
    expect((await viewer.call(method, path, method === 'PUT' ? {} : undefined)).status).toBe(404);
  }
  expect((await person.call('DELETE', `/playlists/${made.id}`)).status).toBe(204);
  expect((await person.get('/playlists', Playlists)).items).toEqual([]);
});

it('shows what was done under both ids of a merged title, and each under its own when it is split again', async () => {
  const [person, admin] = [await callerOf('member'), await callerOf('admin')];
  await agent.say([file('m1', movie('Merge One', 2001)), file('m2', movie('Merge Two', 2001))]);
  const [one, two] = [await itemOf('Merge One'), await itemOf('Merge Two')];
  await person.call('PUT', `/items/${two.id}/played`, { played: true });
  await person.call('PUT', `/items/${two.id}/favorite`, { favorite: true });
  expect((await admin.call('POST', `/items/${two.id}/merge`, { into: String(one.id) })).status).toBe(204);
  const shown = await person.get(`/items/${one.id}`, ItemDetail);
  expect(shown).toMatchObject({ copies: [{}, {}], user: { played: true, favorite: true } });
  expect((await person.get(`/items/${two.id}`, ItemDetail)).id).toBe(String(one.id));
  expect((await person.get('/users/me/favorites', ItemPage)).items.map((item) => item.title)).toEqual(['Merge One']);
  expect((await admin.call('POST', `/items/${two.id}/split`)).status).toBe(204);
  expect((await person.get(`/items/${one.id}`, ItemDetail)).user).toMatchObject({ played: false, favorite: false });
  expect((await person.get(`/items/${two.id}`, ItemDetail)).user).toMatchObject({ played: true, favorite: true });
  expect((await admin.call('POST', `/items/${two.id}/split`)).status).toBe(404);
  expect((await person.call('POST', `/items/${two.id}/merge`, { into: String(one.id) })).status).toBe(403);
  // What was refused is written down nowhere; the rest with who did it.
  const by = { actorId: String(admin.principal.userId) };
  const written = async (event: string) => (await admin.get(`/audit?event=${event}`, AuditPage)).items;
  expect(await written('title.merged')).toMatchObject([{ ...by, subject: 'Merge Two into Merge One' }]);
  expect(await written('title.split')).toMatchObject([{ ...by, subject: 'Merge Two' }]);
});
