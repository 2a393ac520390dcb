import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { Me, SignedIn } from '../../shared/api/auth.ts';
import { Profile, Profiles } from '../../shared/api/profiles.ts';
import { edgeClient } from './edge-client.ts';
import { addLibrary, outcomeOf, PASSWORD, world } from './people-caller.ts';

const { edge, person, anyone } = world();
const libraries: string[] = [];

beforeAll(async () => {
  libraries.push(await addLibrary('Films', 40), await addLibrary('Cartoons', 41), await addLibrary('Horror', 42));
});

type Call = (method: string, path: string, body?: unknown) => Promise<Response>;

/** Calls with the tokens of an answer. */
async function goOn(response: Response) {
  expect(response.status).toBe(200);
  const signedIn = SignedIn.parse(await response.json());
  const headers = { authorization: `Bearer ${signedIn.accessToken}` };
  const call: Call = (method, path, body) =>
    edge.call(method, `/api/v1${path}`, { headers, ...(body === undefined ? {} : { body }) });
  return { ...signedIn, headers, call };
}

const made = async (call: Call, profile: object) => {
  const response = await call('POST', '/profiles', { role: 'child', ...profile });
  expect(response.status).toBe(201);
  return Profile.parse(await response.json());
};
const open = (call: Call, id: string, proof: object = {}) => call('POST', `/profiles/${id}/open`, proof);

/** A member with a PIN and a child's profile, who signs in with the password. */
async function family(name: string) {
  const owner = await person('owner');
  expect((await owner.call('POST', '/users', { username: name, password: PASSWORD, role: 'member' })).status).toBe(201);
  const parent = await goOn(await anyone('POST', '/auth/login', { username: name, password: PASSWORD }));
  const { accountId } = Me.parse(await (await parent.call('GET', '/users/me')).json());
  expect((await parent.call('PUT', `/profiles/${accountId}/pin`, { pin: '4711' })).status).toBe(200);
  const kid = await made(parent.call, { name: 'Kid', maxAge: 6 });
  return { owner, parent, accountId, kid };
}

describe('profiles', () => {
  it('share an account, with names and PINs of their own', async () => {
    const { parent, accountId, kid } = await family('Pia');
    const grownUp = await made(parent.call, { name: 'Guest', role: 'member', pin: '123456' });
    const { items } = Profiles.parse(await (await parent.call('GET', '/profiles')).json());
    expect(items.map(({ id, name, main, pin, current }) => [id, name, main, pin, current])).toEqual([
      [accountId, 'Pia', true, true, true],
      [kid.id, 'Kid', false, false, false],
      [grownUp.id, 'Guest', false, true, false],
    ]);
    expect(await outcomeOf(await parent.call('POST', '/profiles', { name: 'KID', role: 'child' }))).toBe('conflict');
    const other = await family('Quentin');
    expect(other.kid.name).toBe('Kid');
    const hashes = await env.DB.prepare('SELECT pin_hash FROM user WHERE pin_hash IS NOT NULL').all();
    expect(JSON.stringify(hashes.results)).not.toMatch(/4711|123456/);
  });

  it('of one account are nothing to another', async () => {
    const { kid } = await family('Rosa');
    const { parent: stranger } = await family('Stan');
    const settings = { name: 'x', role: 'member', libraryIds: null, maxAge: null };
    for (const [method, path, body] of [
      ['PUT', `/profiles/${kid.id}`, settings],
      ['PUT', `/profiles/${kid.id}/pin`, { pin: null }],
      ['DELETE', `/profiles/${kid.id}`, undefined],
      ['POST', `/profiles/${kid.id}/open`, { password: PASSWORD }],
    ] as const) {
      expect([method, await outcomeOf(await stranger.call(method, path, body))]).toEqual([method, 'not-found']);
    }
  });

  it('cannot be signed in to by name', async () => {
    const { parent } = await family('Tess');
    await made(parent.call, { name: 'Solo', role: 'member' });
    const { results } = await env.DB.prepare(`SELECT name FROM user WHERE profile_name = 'Solo'`).all<{
      name: string;
    }>();
    for (const username of ['Solo', results[0]?.name ?? '']) {
      const answer = await anyone('POST', '/auth/login', { username, password: PASSWORD });
      expect(await outcomeOf(answer)).toBe('wrong-credentials');
    }
  });

  it('see at most what their account sees', async () => {
    const [films = '', cartoons = '', horror = ''] = libraries;
    const { owner, parent, accountId, kid } = await family('Uma');
    const access = { role: 'member', disabled: false, libraryIds: [films, cartoons], maxAge: 12 };
    expect((await owner.call('PUT', `/users/${accountId}`, access)).status).toBe(200);
    const settings = { name: 'Kid', role: 'child', libraryIds: [cartoons], maxAge: 16 };
    expect((await parent.call('PUT', `/profiles/${kid.id}`, settings)).status).toBe(200);
    expect(
      await outcomeOf(await parent.call('PUT', `/profiles/${kid.id}`, { ...settings, libraryIds: [horror] })),
    ).toBe('bad-request');
    const child = await goOn(await open(parent.call, kid.id));
    const seen = (await (await child.call('GET', '/libraries')).json()) as { items: { id: string }[] };
    expect(seen.items.map(({ id }) => id)).toEqual([cartoons]);
    // What is taken from the account is taken from those who share it, in their very next request.
    expect((await owner.call('PUT', `/users/${accountId}`, { ...access, libraryIds: [films] })).status).toBe(200);
    expect(((await (await child.call('GET', '/libraries')).json()) as { items: [] }).items).toEqual([]);
  });

  it('have hidden from them what is hidden from their account', async () => {
    const { owner, parent, accountId, kid } = await family('Vera');
    const { results } = await env.DB.prepare(
      `INSERT INTO facet (key, kind, name, sort_name, born) VALUES ('tag:a', 'tag', 'A', 'a', 0), ('tag:b', 'tag', 'B', 'b', 0) RETURNING id`,
    ).all<{ id: number }>();
    const [a = '', b = ''] = results.map(({ id }) => String(id));
    const hidden = async (id: string) =>
      ((await (await owner.call('GET', `/users/${id}/hidden`)).json()) as { items: { id: string }[] }).items.map(
        (item) => item.id,
      );
    await owner.call('PUT', `/users/${kid.id}/hidden`, { ids: [a] });
    await owner.call('PUT', `/users/${accountId}/hidden`, { ids: [b] });
    expect(await hidden(kid.id)).toEqual([a, b]);
    await owner.call('PUT', `/users/${kid.id}/hidden`, { ids: [] });
    expect(await hidden(kid.id)).toEqual([b]);
    const later = await made(parent.call, { name: 'Later' });
    expect(await hidden(later.id)).toEqual([b]);
  });

  it('have a history of their own', async () => {
    const { parent, kid } = await family('Wim');
    const child = await goOn(await open(parent.call, kid.id));
    expect((await child.call('POST', '/playlists', { name: 'Mine', itemIds: [] })).ok).toBe(true);
    const lists = async (call: Call) =>
      ((await (await call('GET', '/playlists')).json()) as { items: [] }).items.length;
    expect(await lists(child.call)).toBe(1);
    const back = await goOn(
      await open(child.call, (await family('Xenia')).accountId, { pin: '4711' }).then(async (refused) => {
        expect(await outcomeOf(refused)).toBe('not-found');
        const { accountId } = Me.parse(await (await child.call('GET', '/users/me')).json());
        return open(child.call, accountId, { pin: '4711' });
      }),
    );
    expect(await lists(back.call)).toBe(0);
  });

  it('are limited together in how much they read and change a minute', async () => {
    const { parent, kid } = await family('Xaver');
    const child = await goOn(await open(parent.call, kid.id));
    const again = await goOn(await anyone('POST', '/auth/login', { username: 'Xaver', password: PASSWORD }));
    const keys: string[] = [];
    const spent = { limit: async ({ key }: { key: string }) => ({ success: keys.push(key) < 3 }) };
    const limited = edgeClient({ bindings: { READ_LIMIT: spent, CHANGE_LIMIT: spent } });
    expect((await limited.get('/api/v1/users/me', again.headers)).status).toBe(200);
    expect((await limited.get('/api/v1/users/me', child.headers)).status).toBe(200);
    const refused = await limited.call('POST', '/api/v1/playlists', { headers: child.headers, body: {} });
    expect(refused.headers.get('retry-after')).toBe('60');
    expect([refused.status, await outcomeOf(refused)]).toEqual([429, 'rate-limited']);
    expect(new Set(keys).size).toBe(1);
  });

  it('end with their account, and take what is theirs with them', async () => {
    const { owner, parent, accountId, kid } = await family('Yara');
    const child = await goOn(await open(parent.call, kid.id));
    expect((await child.call('POST', '/playlists', { name: 'Gone', itemIds: [] })).ok).toBe(true);
    expect((await owner.call('DELETE', `/users/${accountId}`)).status).toBe(204);
    expect((await child.call('GET', '/users/me')).status).toBe(401);
    for (const table of ['user', 'user_restriction', 'playlist', 'auth_session']) {
      const column = table === 'user' ? 'id' : 'user_id';
      const left = await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${column} IN (?, ?)`)
        .bind(Number(accountId), Number(kid.id))
        .first<number>('n');
      expect([table, left]).toEqual([table, 0]);
    }
  });
});

describe('a child’s profile', () => {
  it('is not left without the PIN of the other, or the password', async () => {
    const { parent, accountId, kid } = await family('Zoe');
    const bare = await made(parent.call, { name: 'Bare', role: 'member' });
    const child = await goOn(await open(parent.call, kid.id));
    expect(await outcomeOf(await open(child.call, accountId))).toBe('forbidden');
    expect(await outcomeOf(await open(child.call, bare.id))).toBe('forbidden');
    expect(await outcomeOf(await open(child.call, accountId, { pin: '0000' }))).toBe('wrong-credentials');
    expect(await outcomeOf(await open(child.call, bare.id, { pin: '0000' }))).toBe('forbidden');
    expect(await outcomeOf(await open(child.call, bare.id, { password: 'not the password' }))).toBe(
      'wrong-credentials',
    );
    const other = await goOn(await open(child.call, bare.id, { password: PASSWORD }));
    expect(other.user.name).toBe('Bare');
  });

  it('is the end of who one was before: no token of before goes on', async () => {
    const { parent, accountId, kid } = await family('Abel');
    const child = await goOn(await open(parent.call, kid.id));
    expect((await parent.call('GET', '/users/me')).status).toBe(401);
    expect((await edge.call('GET', '/api/v1/users/me', { headers: parent.headers })).status).toBe(401);
    const cold = edgeClient();
    expect((await cold.call('GET', '/api/v1/users/me', { headers: parent.headers })).status).toBe(401);
    expect((await anyone('POST', '/auth/refresh', { refreshToken: parent.refreshToken })).status).toBe(401);
    const renewed = await goOn(await anyone('POST', '/auth/refresh', { refreshToken: child.refreshToken }));
    expect(Me.parse(await (await renewed.call('GET', '/users/me')).json())).toEqual({
      id: kid.id,
      accountId,
      name: 'Kid',
      role: 'child',
    });
  });

  it('does not look after the account, nor see the limits of the others', async () => {
    const { parent, accountId, kid } = await family('Bela');
    const child = await goOn(await open(parent.call, kid.id));
    for (const [method, path] of [
      ['PUT', '/users/me/password'],
      ['GET', '/users/me/sessions'],
      ['DELETE', '/users/me/sessions'],
      ['POST', '/profiles'],
      ['PUT', `/profiles/${kid.id}`],
      ['PUT', `/profiles/${accountId}/pin`],
      ['DELETE', `/profiles/${kid.id}`],
      ['GET', '/api-keys'],
      ['POST', '/api-keys'],
      ['POST', '/auth/device/approve'],
      ['GET', '/users'],
    ] as const) {
      expect([path, await outcomeOf(await child.call(method, path, method === 'GET' ? undefined : {}))]).toEqual([
        path,
        'forbidden',
      ]);
    }
    const { items } = Profiles.parse(await (await child.call('GET', '/profiles')).json());
    expect(items.map(({ limits }) => limits)).toEqual([null, null]);
  });

  it('is signed out with the account, everywhere', async () => {
    const { parent, kid } = await family('Cleo');
    const child = await goOn(await open(parent.call, kid.id));
    const again = await goOn(await anyone('POST', '/auth/login', { username: 'Cleo', password: PASSWORD }));
    const change = { current: PASSWORD, password: 'another good password' };
    expect((await again.call('PUT', '/users/me/password', change)).status).toBe(204);
    expect((await child.call('GET', '/users/me')).status).toBe(401);
    expect((await edgeClient().call('GET', '/api/v1/users/me', { headers: child.headers })).status).toBe(401);
  });

  it('ends when it is deleted', async () => {
    const { parent, kid } = await family('Dora');
    const child = await goOn(await open(parent.call, kid.id));
    const again = await goOn(await anyone('POST', '/auth/login', { username: 'Dora', password: PASSWORD }));
    expect((await again.call('DELETE', `/profiles/${kid.id}`)).status).toBe(204);
    expect((await child.call('GET', '/users/me')).status).toBe(401);
    expect((await anyone('POST', '/auth/refresh', { refreshToken: child.refreshToken })).status).toBe(401);
  });
});

describe('a PIN', () => {
  it('that is wrong five times in a row is not taken for a minute, and the password still opens', async () => {
    const clock = { now: Date.now() };
    const { parent, accountId, kid } = await family('Emil');
    const child = await goOn(await open(parent.call, kid.id));
    const late = edgeClient({ clock });
    const call: Call = (method, path, body) => late.call(method, `/api/v1${path}`, { headers: child.headers, body });
    const pins = ['1', '0001', '0002', '0003', '0004'];
    for (const pin of pins) expect(await outcomeOf(await open(call, accountId, { pin }))).toBe('wrong-credentials');
    const refused = await open(call, accountId, { pin: '4711' });
    expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, 60]);
    expect(await outcomeOf(await open(call, accountId, { password: 'not the password' }))).toBe('wrong-credentials');
    clock.now += 60_000;
    expect((await open(call, accountId, { pin: '4711' })).status).toBe(200);
  });

  it('is not guessed twice as fast by two who guess at once', async () => {
    const { parent, accountId, kid } = await family('Fay');
    const child = await goOn(await open(parent.call, kid.id));
    const tries = await Promise.all(['1111', '2222', '3333'].map((pin) => open(child.call, accountId, { pin })));
    const outcomes = await Promise.all(tries.map(outcomeOf));
    expect(new Set(outcomes)).toEqual(new Set(['wrong-credentials', 'rate-limited']));
    const failures = await env.DB.prepare('SELECT pin_failures FROM user WHERE id = ?').bind(Number(accountId)).first();
    expect(failures).toEqual({ pin_failures: outcomes.filter((one) => one === 'wrong-credentials').length });
  });
});
