import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { Home, ItemDetail, ItemPage } from '../../shared/api/items.ts';
import { Libraries } from '../../shared/api/libraries.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, episode, file, gone, hex, itemOf, MEDIA, movie, NOW } from './catalog-world.ts';

const viewer = await callerOf('member');

async function libraryId(name: string): Promise<string> {
  const { items } = await viewer.get('/libraries', Libraries);
  const library = items.find((one) => one.name === name);
  if (!library) throw new Error(`there is no library ${name}`);
  return library.id;
}

/** All titles of a grid, page by page; `between` runs after the first page. */
async function walk(path: string, limit: number, between?: () => Promise<unknown>): Promise<string[]> {
  const titles: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 50; pages++) {
    const at: string = cursor === null ? '' : `&cursor=${cursor}`;
    const page = await viewer.get(`${path}limit=${limit}${at}`, ItemPage);
    expect(page.items.length).toBeLessThanOrEqual(limit);
    titles.push(...page.items.map((item) => item.title));
    if (page.next === null) return titles;
    cursor = page.next;
    if (pages === 0) await between?.();
  }
  throw new Error('the pages have no end');
}

it('pages through a library in each order, each title once', async () => {
  const agent = await agentWith({ films: 'Orders' });
  const titles = ['The Apple', 'Banana', 'A Cherry', 'Date', 'Elderberry', 'Fig', 'Grape'];
  await agent.say(titles.map((title, i) => file(title, movie(title, 2000 + (i % 3)), { mtimeMs: NOW - i * 1000 })));
  const path = `/libraries/${await libraryId('Orders')}/items?`;
  expect(await walk(path, 2)).toEqual(titles);
  expect(await walk(`${path}sort=added&dir=asc&`, 3)).toEqual([...titles].reverse());
  expect(await walk(`${path}sort=title&`, 2)).toEqual(titles);
  expect(await walk(`${path}sort=title&dir=desc&`, 2)).toEqual([...titles].reverse());
  const years = await walk(`${path}sort=year&`, 2);
  expect([...years].sort()).toEqual([...titles].sort());
  expect(years.slice(0, 2)).toEqual(['Fig', 'A Cherry']);
});

it('neither repeats nor misses a title when others come and go between two pages', async () => {
  const agent = await agentWith({ films: 'Shifting' });
  const titles = Array.from({ length: 10 }, (_, i) => `Shift ${i}`);
  await agent.say(titles.map((title, i) => file(title, movie(title), { mtimeMs: NOW - i * 1000 })));
  const path = `/libraries/${await libraryId('Shifting')}/items?`;
  const seen = await walk(path, 4, async () => {
    await agent.say([file('new', movie('Shift New'), { mtimeMs: NOW }), gone('Shift 1')]);
  });
  expect(seen).toEqual(titles);
});

it('refuses a cursor that is not one, or of another order', async () => {
  const agent = await agentWith({ films: 'Cursors' });
  await agent.say([file('a', movie('Cursor A')), file('b', movie('Cursor B'))]);
  const path = `/libraries/${await libraryId('Cursors')}/items?`;
  const { next } = await viewer.get(`${path}limit=1&sort=title`, ItemPage);
  for (const query of [
    '&cursor=nonsense',
    '&cursor=%22',
    `&sort=year&cursor=${next}`,
    '&limit=0',
    '&limit=9999',
    '&sort=x',
  ]) {
    const response = await viewer.call('GET', path + query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'bad-request' });
  }
});

it('answers 404 for a library or an item that is not there, also for odd ids', async () => {
  for (const path of [
    '/libraries/999999/items',
    '/libraries/x/items',
    '/items/0',
    '/items/99999999999999999999',
    '/items/-1',
  ]) {
    expect((await viewer.call('GET', path)).status).toBe(404);
  }
  expect((await viewer.call('GET', '/items/999999/children')).status).toBe(404);
});

it('shows an item with its copies on every site, offline while nobody says otherwise', async () => {
  const poster = await hex('browse poster');
  const home = await agentWith({ films: 'Copies' });
  const cabin = await agentWith({ films: 'Copies' }, 'Cabin');
  await home.say([file('a', movie('Arrival', 2016), { artwork: { poster } })]);
  await cabin.say([file('b', movie('Arrival', 2016), { fingerprint: await hex('other cut') })]);
  const { id } = await itemOf('Arrival');
  await env.FLEET.getByName('fleet').agentChanged({
    ...{ agentId: cabin.id, online: true, slotsUsed: 0, slotsTotal: 2, videoEncoders: [] },
  });
  const detail = await viewer.get(`/items/${id}`, ItemDetail);
  expect(detail).toMatchObject({ title: 'Arrival', year: 2016, kind: 'movie', next: null, series: null });
  expect(detail.images.poster).toBe(`/api/v1/images/${poster}`);
  expect(detail.library?.name).toBe('Copies');
  expect(detail.copies.map((copy) => [copy.site.name, copy.agent.online])).toEqual([
    ['Home', false],
    ['Cabin', true],
  ]);
  expect(detail.copies[0]?.media).toEqual(MEDIA);
});

it('shows items also while the fleet fails', async () => {
  const agent = await agentWith({ films: 'No fleet' });
  await agent.say([file('a', movie('Fleetless'))]);
  const { showItem } = await import('../../edge/catalog/browse.ts');
  const broken = { getByName: () => ({ agents: () => Promise.reject(new Error('down')) }) };
  const { id } = await itemOf('Fleetless');
  const detail = await showItem(
    { ...env, FLEET: broken as unknown as typeof env.FLEET },
    { userId: 1, libMask: null, maxAge: null, unrated: true, hiddenSet: null },
    id,
  );
  expect(detail.copies[0]?.agent.online).toBe(false);
});

it('shows seasons of a series and episodes of a season, in order and page by page', async () => {
  const seriesPoster = await hex('series poster');
  const agent = await agentWith({ shows: 'Tree' });
  const said = [12, 2, 1, 10].map((n) =>
    file(`s1e${n}`, episode('Tree Show', 1, n, `Leaf ${n}`), { artwork: { seriesPoster } }),
  );
  await agent.say([
    ...said,
    file('s0', episode('Tree Show', 0, 1, 'Leaf extra')),
    file('s2', episode('Tree Show', 2, 1, 'Leaf last')),
  ]);
  const series = await itemOf('Tree Show');
  expect(await walk(`/items/${series.id}/children?`, 2)).toEqual(['Specials', 'Season 1', 'Season 2']);
  const { items } = await viewer.get(`/items/${series.id}/children`, ItemPage);
  const season = items[1];
  expect(season).toMatchObject({ kind: 'season', season: 1, episodes: 4, series: { title: 'Tree Show' } });
  expect(season?.images.poster).toBe(`/api/v1/images/${seriesPoster}`);
  expect(await walk(`/items/${season?.id}/children?`, 3)).toEqual(['Leaf 1', 'Leaf 2', 'Leaf 10', 'Leaf 12']);
  const leaf = await itemOf('Leaf 2');
  const detail = await viewer.get(`/items/${leaf.id}`, ItemDetail);
  expect(detail).toMatchObject({ season: 1, episode: 2, seasonId: season?.id, series: { id: String(series.id) } });
  expect(detail.next?.title).toBe('Leaf 10');
  const last = await viewer.get(`/items/${(await itemOf('Leaf last')).id}`, ItemDetail);
  expect(last.next).toBeNull();
  expect((await viewer.get(`/items/${series.id}`, ItemDetail)).next?.title).toBe('Leaf 1');
});

it('shows on the home page what was begun, what comes next, and what is new in each library', async () => {
  const person = await callerOf('member');
  const agent = await agentWith({ films: 'Home Films', shows: 'Home Shows' });
  await agent.say([
    file('old', movie('Home Old'), { mtimeMs: NOW - 9000 }),
    file('new', movie('Home New'), { mtimeMs: NOW - 1000 }),
    file('e1', episode('Home Show', 1, 1, 'Home Pilot'), { root: 'shows' }),
    file('e2', episode('Home Show', 1, 2, 'Home Second'), { root: 'shows' }),
    file('e3', episode('Home Show', 2, 1, 'Home Third'), { root: 'shows' }),
  ]);
  const { saveProgress } = await import('../../edge/db/user-items.ts');
  const { userId } = person.principal;
  const { id: old } = await itemOf('Home Old');
  await saveProgress(env, userId, old, 600_000, 5_400_000, NOW);
  await saveProgress(env, userId, (await itemOf('Home Pilot')).id, 5_300_000, 5_400_000, NOW);
  const home = await person.get('/home', Home);
  expect(home.continueWatching.map((card) => card.title)).toEqual(['Home Old']);
  expect(home.continueWatching[0]?.user.positionMs).toBe(600_000);
  expect(home.nextUp.map((card) => card.title)).toEqual(['Home Second']);
  const shelves = new Map(home.recent.map((shelf) => [shelf.library.name, shelf.items.map((card) => card.title)]));
  expect(shelves.get('Home Films')).toEqual(['Home New', 'Home Old']);
  expect(shelves.get('Home Shows')).toEqual(['Home Show']);

  await saveProgress(env, userId, (await itemOf('Home Second')).id, 600_000, 5_400_000, NOW + 1);
  const later = await person.get('/home', Home);
  expect(later.continueWatching.map((card) => card.title)).toEqual(['Home Second', 'Home Old']);
  expect(later.nextUp).toEqual([]);
  expect((await viewer.get('/home', Home)).continueWatching).toEqual([]);
});
