import { env, exports } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { forgetHidden, visibleItem } from '../../edge/catalog/scope.ts';
import { saveProgress, setFavorite } from '../../edge/db/user-items.ts';
import { POLICY, type Rule } from '../../edge/http/policy.ts';
import { publishEvent } from '../../edge/objects/event-publisher.ts';
import type { ServerEvent } from '../../shared/api/events.ts';
import { FacetPage, Playlist } from '../../shared/api/facets.ts';
import { ItemDetail, ItemPage } from '../../shared/api/items.ts';
import { Libraries, type ScanStatus } from '../../shared/api/libraries.ts';
import type { Metadata } from '../../shared/protocol/sync.ts';
import { callerOf } from './api-caller.ts';
import { agentWith, episode, file, hex, itemOf, movie, NOW } from './catalog-world.ts';

/** Every title, name and picture that the child must not meet has this in it. */
const SECRET = 'Zzsecret';

const SAFE: Metadata = { certification: 'G', genres: ['Plain'] };
const admin = await callerOf('admin');
const child = await callerOf('child');
const other = await callerOf('child');
const agent = await agentWith({ films: 'Open Films', closed: 'Closed Films', shows: 'Open Shows' });
const secretPoster = await hex('secret poster');
const openPoster = await hex('open poster');

beforeAll(async () => {
  // Before the first request: who may see what is believed for some seconds once it was read.
  const closed = await env.DB.prepare(`SELECT bit FROM library WHERE name = 'Closed Films'`).first<number>('bit');
  const all = await env.DB.prepare('SELECT sum(1 << bit) AS mask FROM library').first<number>('mask');
  await env.DB.prepare('INSERT INTO user_restriction (user_id, lib_mask, max_age) VALUES (?1, ?2, 12), (?3, ?2, 12)')
    .bind(child.principal.userId, (all ?? 0) - 2 ** (closed ?? 0), other.principal.userId)
    .run();
  const tagged: Metadata = {
    ...SAFE,
    tags: [`${SECRET} tag`],
    people: [{ name: `${SECRET} companion`, role: 'actor' }],
  };
  await agent.say([
    file('1', movie('Visible One', 2001), {
      metadata: { ...SAFE, people: [{ name: 'Open Person', role: 'actor' }] },
      artwork: { poster: openPoster },
    }),
    file('2', movie('Visible Two', 2002), { metadata: SAFE }),
    file('3', movie(`${SECRET} by library`, 2003), { root: 'closed', metadata: SAFE }),
    file('4', movie(`${SECRET} by age`, 2004), { metadata: { ...SAFE, certification: 'R' } }),
    file('5', movie(`${SECRET} by nobody’s rating`, 2005), { metadata: { genres: ['Plain'] } }),
    file('6', movie(`${SECRET} by tag`, 2006), { metadata: tagged, artwork: { poster: secretPoster } }),
    file('7', movie(`${SECRET} by person`, 2007), {
      metadata: { ...SAFE, people: [{ name: `${SECRET} person`, role: 'actor' }] },
    }),
    file('8', movie(`${SECRET} by studio`, 2008), { metadata: { ...SAFE, studios: [`${SECRET} studio`] } }),
    file('9', episode(`${SECRET} series by tag`, 1, 1, `${SECRET} cascade`), {
      root: 'shows',
      seriesMetadata: tagged,
      metadata: SAFE,
    }),
    file('10', episode('Visible Show', 1, 1, 'Visible Episode'), { root: 'shows', seriesMetadata: SAFE }),
    file('11', episode('Visible Show', 1, 2, `${SECRET} episode by tag`), {
      root: 'shows',
      seriesMetadata: SAFE,
      metadata: tagged,
    }),
  ]);
  const hidden: string[] = [];
  for (const list of ['tags', 'people', 'studios']) {
    const { items } = await admin.get(`/${list}`, FacetPage);
    hidden.push(
      ...items.filter((one) => one.name.startsWith(SECRET) && !one.name.endsWith('companion')).map((one) => one.id),
    );
  }
  expect(hidden.length).toBe(3);
  for (const person of [child, other]) {
    expect((await admin.call('PUT', `/users/${person.principal.userId}/hidden`, { ids: hidden })).status).toBe(200);
  }
  // What the child did before it was restricted must not tell either.
  const { results } = await env.DB.prepare(
    `SELECT id FROM item WHERE title LIKE '${SECRET}%' AND kind <> 'season'`,
  ).all<{ id: number }>();
  expect(results.length).toBe(9);
  for (const { id } of results) {
    await setFavorite(env, child.principal.userId, id, true, NOW);
    await saveProgress(env, child.principal.userId, id, 5_400_000, 5_400_000, NOW);
    await saveProgress(env, child.principal.userId, id, 600_000, 5_400_000, NOW + 1);
  }
});

/** Every path of a rule with the ids of secret and of open things in its place. */
async function pathsOf({ path }: Rule): Promise<string[]> {
  const bare = path.slice('/api/v1'.length);
  if (bare === '/search') return ['/search?q=zzsecret', '/search?q=zzsecrat', '/search?q=z', '/search?q=companion'];
  const ids = async (sql: string) =>
    (await env.DB.prepare(sql).all<{ id: number }>()).results.map((row) => String(row.id));
  if (bare === '/items')
    return (await ids("SELECT id FROM facet WHERE kind = 'genre'")).map((id) => `/items?genre=${id}&sort=title`);
  if (!bare.includes(':id')) return [bare];
  if (bare.startsWith('/items/')) return (await ids('SELECT id FROM item')).map((id) => bare.replace(':id', id));
  if (bare.startsWith('/libraries/')) {
    const libraries = await ids('SELECT id FROM library');
    const queries = bare.endsWith('/items')
      ? ['', '?sort=random', '?sort=played', '?sort=rating', '?favorite=yes', '?watched=yes', '?kind=series']
      : [''];
    return libraries.flatMap((id) => queries.map((query) => bare.replace(':id', id) + query));
  }
  if (bare.startsWith('/people/') || bare.startsWith('/facets/'))
    return (await ids('SELECT id FROM facet')).map((id) => bare.replace(':id', id));
  if (bare.startsWith('/playlists/'))
    return (await ids('SELECT id FROM playlist')).map((id) => bare.replace(':id', id));
  if (bare === '/images/:id') return [`/images/${secretPoster}`, `/images/${secretPoster}?k=guessed`];
  throw new Error(`Say here which ids ${bare} is to be asked for.`);
}

const readable = POLICY.filter(
  (rule) =>
    rule.method === 'GET' &&
    rule.path.startsWith('/api/v1/') &&
    rule.path !== '/api/v1/events' &&
    (rule.access === 'public' || (typeof rule.access === 'object' && rule.access.roles.includes('child'))),
);

/** What a child may do with what has an id: to what is hidden, as if it were not there. */
const doable = POLICY.filter(
  (rule) =>
    rule.method !== 'GET' &&
    rule.path.startsWith('/api/v1/items/') &&
    typeof rule.access === 'object' &&
    rule.access.roles.includes('child'),
);

const BODIES: Readonly<Record<string, object>> = {
  ...{ played: { played: true }, favorite: { favorite: true }, rating: { rating: 5 } },
  play: { device: { name: 'test' }, profile: {} },
};

describe('a restricted child', () => {
  it.each(doable.map((rule) => [`${rule.method} ${rule.path}`, rule] as const))(
    'does nothing to what is hidden by %s',
    async (_, rule) => {
      const body = BODIES[rule.path.split('/').at(-1) ?? ''];
      if (!body) throw new Error(`Say here what is sent to ${rule.path}.`);
      const { results } = await env.DB.prepare(`SELECT id FROM item WHERE title LIKE '${SECRET}%'`).all<{
        id: number;
      }>();
      for (const { id } of results) {
        const path = rule.path.slice('/api/v1'.length).replace(':id', String(id));
        const response = await child.call(rule.method, path, body);
        const text = await response.text();
        // Play may refuse the body before it looks for the item.
        expect([path, [400, 404].includes(response.status), text.includes(SECRET)]).toEqual([path, true, false]);
      }
    },
  );

  it('keeps no hidden title in a playlist that it makes', async () => {
    const made = Playlist.parse(await (await child.call('POST', '/playlists', { name: 'Mine' })).json());
    const { results } = await env.DB.prepare('SELECT id FROM item WHERE browse = 1').all<{ id: number }>();
    const items = results.map((row) => String(row.id));
    expect((await child.call('PUT', `/playlists/${made.id}`, { items })).status).toBe(200);
    const held = await child.get(`/playlists/${made.id}/items`, ItemPage);
    expect(held.items.map((item) => item.title).sort()).toEqual(['Visible One', 'Visible Show', 'Visible Two']);
    expect((await other.call('GET', `/playlists/${made.id}/items`)).status).toBe(404);
  });

  it.each(readable.map((rule) => [rule.path, rule] as const))('meets nothing hidden at GET %s', async (_, rule) => {
    for (const path of await pathsOf(rule)) {
      const text = await (await child.call('GET', path)).text();
      expect([path, text.includes(SECRET), text.includes(secretPoster)]).toEqual([path, false, false]);
    }
  });

  it('sees all the rest', async () => {
    const titles: string[] = [];
    for (const { id } of (await env.DB.prepare('SELECT id FROM library ORDER BY id').all<{ id: number }>()).results) {
      const response = await child.call('GET', `/libraries/${id}/items?sort=title`);
      if (response.ok) titles.push(...ItemPage.parse(await response.json()).items.map((item) => item.title));
      else titles.push(String(response.status));
    }
    expect(titles.sort()).toEqual(['404', 'Visible One', 'Visible Show', 'Visible Two']);
    const show = await itemOf('Visible Show');
    const [season] = (await child.get(`/items/${show.id}/children`, ItemPage)).items;
    expect((await child.get(`/items/${season?.id}/children`, ItemPage)).items.map((item) => item.title)).toEqual([
      'Visible Episode',
    ]);
    expect((await child.get('/people', FacetPage)).items.map((one) => [one.name, one.items])).toEqual([
      ['Open Person', null],
    ]);
  });

  it('is told how many titles it sees of each library, and not how many there are', async () => {
    const { items } = await child.get('/libraries', Libraries);
    expect(items.map(({ name, items: titles, more }) => [name, titles, more])).toEqual([
      ['Open Films', 2, false],
      ['Open Shows', 1, false],
    ]);
  });

  it.each(['played', 'favorite', 'rating'])('cannot set %s of what is hidden, nor play it', async (mark) => {
    const { id } = await itemOf(`${SECRET} by tag`);
    const body = mark === 'rating' ? { rating: 5 } : { [mark]: true };
    expect((await child.call('PUT', `/items/${id}/${mark}`, body)).status).toBe(404);
    const principal = { ...child.principal, restrictions: { libMask: null, maxAge: null } };
    expect(await visibleItem(env, principal, id)).toBe(false);
    expect(await visibleItem(env, principal, (await itemOf(`${SECRET} cascade`)).id)).toBe(false);
    expect(await visibleItem(env, principal, (await itemOf('Visible One')).id)).toBe(true);
  });

  it('gets the pictures that it was shown, and no others', async () => {
    const { id } = await itemOf('Visible One');
    const detail = await child.get(`/items/${id}`, ItemDetail);
    const address = detail.images.poster?.slice('/api/v1'.length) ?? '';
    const word = address.slice(address.indexOf('?k='));
    // Asked of its agent, which is not there: the picture may be had.
    expect((await child.call('GET', address)).status).toBe(503);
    expect((await child.call('GET', `/images/${openPoster}`)).status).toBe(404);
    expect((await child.call('GET', `/images/${secretPoster}${word}`)).status).toBe(404);
    expect((await admin.call('GET', `/images/${secretPoster}`)).status).toBe(503);
  });

  it('has no use for the address of a picture any more, once its title is hidden', async () => {
    const { id } = await itemOf('Visible One');
    const { images } = await child.get(`/items/${id}`, ItemDetail);
    const address = images.poster?.slice('/api/v1'.length) ?? '';
    expect((await child.call('GET', address)).status).toBe(503);
    const shown = file('1', movie('Visible One', 2001), { metadata: SAFE, artwork: { poster: openPoster } });
    await agent.say([{ ...shown, metadata: { ...SAFE, tags: [`${SECRET} tag`] } }]);
    forgetHidden();
    expect((await child.call('GET', address)).status).toBe(404);
    await agent.say([shown]);
    forgetHidden();
    const again = (await child.get(`/items/${id}`, ItemDetail)).images.poster?.slice('/api/v1'.length) ?? '';
    expect((await child.call('GET', again)).status).toBe(503);
    // Titles that are only new end nobody's addresses.
    await agent.say([file('12', movie(`${SECRET} new one`, 2012), { metadata: { ...SAFE, tags: [`${SECRET} tag`] } })]);
    forgetHidden();
    expect((await child.call('GET', again)).status).toBe(503);
  });

  it('hears that the catalog has changed, and nothing of where, nor of folders', async () => {
    const response = await exports.default.fetch('http://edge.test/api/v1/events', {
      headers: { ...other.headers, upgrade: 'websocket' },
    });
    const heard: string[] = [];
    const done = new Promise<void>((resolve) => {
      response.webSocket?.addEventListener('message', ({ data }) => {
        heard.push(String(data));
        if (String(data).includes('metadata.updated')) resolve();
      });
    });
    response.webSocket?.accept();
    const scan = { phase: 'walking', files: 1 } as unknown as ScanStatus;
    const events: ServerEvent[] = [
      { topic: 'library.scan.progress', agentId: agent.id, root: SECRET, scan },
      { topic: 'agent.presence', agentId: agent.id, online: true },
      // Last, since it may wait for the end of a second.
      { topic: 'metadata.updated', libraryIds: ['77'] },
    ];
    for (const event of events) await publishEvent(env, event, { users: 'all' });
    await done;
    expect(heard.map((one) => JSON.parse(one))).toEqual([{ topic: 'metadata.updated', libraryIds: [] }]);
  });

  it('shares a set with everybody who has the same rules', async () => {
    const sets = await env.DB.prepare('SELECT count(DISTINCT set_id) AS n FROM user_hidden').first('n');
    expect(sets).toBe(1);
  });
});
