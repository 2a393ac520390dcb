import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { SignedIn } from '../../shared/api/auth.ts';
import { Devices, People, Person, ResetCode } from '../../shared/api/users.ts';
import { edgeClient } from './edge-client.ts';
import { addLibrary, outcomeOf, PASSWORD, world } from './people-caller.ts';

const change = (changes = {}) => ({ role: 'member', disabled: false, libraryIds: null, maxAge: null, ...changes });
const login = (username: string, password = PASSWORD) => ({ username, password, device: 'Kitchen tablet' });

describe('accounts', () => {
  it('are made by an admin with a role and libraries, and can sign in', async () => {
    const { person, anyone } = world();
    const admin = await person('admin');
    const films = await addLibrary('Films', 3);
    const request = { username: 'Grace', password: PASSWORD, role: 'child', libraryIds: [films], maxAge: 12 };
    const made = Person.parse(await (await admin.call('POST', '/users', request)).json());
    expect(made).toMatchObject({
      name: 'Grace',
      role: 'child',
      disabled: false,
      libraryIds: [films],
      lastSeenAt: null,
    });
    expect((await anyone('POST', '/auth/login', login('grace'))).status).toBe(200);
    const { items } = People.parse(await (await admin.call('GET', '/users')).json());
    expect(items.find(({ id }) => id === made.id)).toMatchObject({ libraryIds: [films] });
    const mask = await env.DB.prepare('SELECT lib_mask, max_age FROM user_restriction WHERE user_id = ?')
      .bind(made.id)
      .first();
    expect(mask).toEqual({ lib_mask: 8, max_age: 12 });
  });

  it('need a name of their own and a password that is not guessed at once', async () => {
    const { person } = world();
    const owner = await person('owner');
    const make = async (username: string, password: string) =>
      outcomeOf(await owner.call('POST', '/users', { username, password, role: 'member' }));
    expect(await make(owner.name.toUpperCase(), PASSWORD)).toBe('conflict');
    for (const password of ['password1', '11111111', 'Weatherly1']) {
      expect([password, await make('weatherly', password)]).toEqual([password, 'bad-request']);
    }
  });

  it('are not made with a role above one’s own', async () => {
    const { person } = world();
    const admin = await person('admin');
    const request = { username: 'x', password: PASSWORD, role: 'admin' };
    expect(await outcomeOf(await admin.call('POST', '/users', request))).toBe('forbidden');
  });

  it('change in the very next request of their person', async () => {
    const { person } = world();
    const [owner, member] = [await person('owner'), await person('member')];
    expect((await member.call('GET', '/users')).status).toBe(403);
    await owner.call('PUT', `/users/${member.id}`, change({ role: 'admin' }));
    expect((await member.call('GET', '/users')).status).toBe(200);
    await owner.call('PUT', `/users/${member.id}`, change({ disabled: true }));
    expect((await member.call('GET', '/users/me')).status).toBe(401);
  });

  it('of admins and owners are an owner’s business, and nobody changes their own', async () => {
    const { person } = world();
    const [owner, admin, other] = [await person('owner'), await person('admin'), await person('admin')];
    for (const target of [owner, other, admin]) {
      const calls = [
        admin.call('PUT', `/users/${target.id}`, change()),
        admin.call('DELETE', `/users/${target.id}`),
        admin.call('POST', `/users/${target.id}/reset`),
        admin.call('GET', `/users/${target.id}/sessions`),
        admin.call('DELETE', `/users/${target.id}/sessions`),
      ];
      for (const response of await Promise.all(calls)) expect(await outcomeOf(response)).toBe('forbidden');
    }
    expect(await outcomeOf(await owner.call('DELETE', `/users/${owner.id}`))).toBe('forbidden');
    expect(await outcomeOf(await owner.call('PUT', '/users/999999', change()))).toBe('not-found');
  });

  it('leave an owner who can sign in, also when two owners turn each other off at once', async () => {
    await env.DB.prepare('DELETE FROM user').run();
    const { person } = world();
    const [a, b] = [await person('owner'), await person('owner')];
    const outcomes = await Promise.all([
      a.call('PUT', `/users/${b.id}`, change({ role: 'owner', disabled: true })).then(outcomeOf),
      b.call('PUT', `/users/${a.id}`, change({ role: 'member' })).then(outcomeOf),
    ]);
    expect(outcomes).toContain('conflict');
    const owners = await env.DB.prepare(`SELECT 1 FROM user WHERE role = 'owner' AND disabled_at IS NULL`).all();
    expect(owners.results).toHaveLength(1);
  });

  it('take everything of their person with them when they are deleted', async () => {
    const { person } = world();
    const [owner, member] = [await person('owner'), await person('member')];
    await member.call('POST', '/api-keys', { name: 'k', scopes: ['read'] });
    await env.DB.prepare('INSERT INTO user_item (user_id, item_id, updated_at) VALUES (?, 1, 1)').bind(member.id).run();
    expect((await owner.call('DELETE', `/users/${member.id}`)).status).toBe(204);
    expect((await member.call('GET', '/users/me')).status).toBe(401);
    for (const table of ['auth_session', 'api_key', 'user_item']) {
      const row = await env.DB.prepare(`SELECT 1 FROM ${table} WHERE user_id = ?`).bind(member.id).first();
      expect([table, row]).toEqual([table, null]);
    }
  });
});

describe('a password', () => {
  const join = async (name: string) => {
    const { person, anyone } = world();
    const owner = await person('owner');
    const made = await owner.call('POST', '/users', { username: name, password: PASSWORD, role: 'member' });
    const { id } = Person.parse(await made.json());
    const signIn = async () => SignedIn.parse(await (await anyone('POST', '/auth/login', login(name))).json());
    return { owner, anyone, id, here: await signIn(), there: await signIn() };
  };

  it('is changed with the current one, which signs the other devices out', async () => {
    const { anyone, here, there } = await join('Lin');
    const edge = world().edge;
    const headers = { authorization: `Bearer ${here.accessToken}` };
    const put = (body: unknown) => edge.call('PUT', '/api/v1/users/me/password', { headers, body });
    const next = 'a new one, with commas';
    expect(await outcomeOf(await put({ current: 'not it at all', password: next }))).toBe('wrong-credentials');
    expect(await outcomeOf(await put({ current: PASSWORD, password: 'password' }))).toBe('bad-request');
    expect((await put({ current: PASSWORD, password: next })).status).toBe(204);
    expect((await anyone('POST', '/auth/refresh', { refreshToken: here.refreshToken })).status).toBe(200);
    expect((await anyone('POST', '/auth/refresh', { refreshToken: there.refreshToken })).status).toBe(401);
    expect((await anyone('POST', '/auth/login', login('Lin'))).status).toBe(401);
    expect((await anyone('POST', '/auth/login', login('Lin', next))).status).toBe(200);
  });

  it('is reset with a code of an admin’s, once, which signs every device out', async () => {
    const { owner, anyone, id, here } = await join('Max');
    const { code } = ResetCode.parse(await (await owner.call('POST', `/users/${id}/reset`)).json());
    const reset = (password: string, typed = code) => anyone('POST', '/auth/reset', { code: typed, password });
    expect(await outcomeOf(await reset('password'))).toBe('bad-request');
    expect(await outcomeOf(await reset('quite another one', 'AAAA-BBBB-CCCC'))).toBe('code-invalid');
    expect((await reset('quite another one', code.toLowerCase().replaceAll('-', ' '))).status).toBe(204);
    expect(await outcomeOf(await reset('and a third one'))).toBe('code-invalid');
    expect((await anyone('POST', '/auth/refresh', { refreshToken: here.refreshToken })).status).toBe(401);
    expect((await anyone('POST', '/auth/login', login('Max', 'quite another one'))).status).toBe(200);
    const stored = JSON.stringify((await env.DB.prepare('SELECT * FROM reset_code').all()).results);
    expect(stored).not.toContain(code);
  });

  it('has one reset code at a time, which ends after a day', async () => {
    const { owner, anyone, id } = await join('Noor');
    const codes = [];
    for (let i = 0; i < 2; i++) {
      codes.push(ResetCode.parse(await (await owner.call('POST', `/users/${id}/reset`)).json()));
    }
    const reset = (code: string | undefined) => anyone('POST', '/auth/reset', { code, password: 'quite another one' });
    expect(await outcomeOf(await reset(codes[0]?.code))).toBe('code-invalid');
    await env.DB.prepare('UPDATE reset_code SET expires_at = expires_at - 86400001').run();
    expect(await outcomeOf(await reset(codes[1]?.code))).toBe('code-invalid');
  });
});

describe('devices', () => {
  it('are listed to their person and to admins, and end one by one or all at once', async () => {
    const { person, anyone } = world();
    const owner = await person('owner');
    const username = 'Ola';
    const made = await owner.call('POST', '/users', { username, password: PASSWORD, role: 'member' });
    const { id } = Person.parse(await made.json());
    const tablet = SignedIn.parse(await (await anyone('POST', '/auth/login', login(username))).json());
    const phone = SignedIn.parse(await (await anyone('POST', '/auth/login', login(username))).json());
    const headers = { authorization: `Bearer ${tablet.accessToken}` };
    const { edge } = world();
    const call = (method: string, path: string) => edge.call(method, `/api/v1/users/me/sessions${path}`, { headers });

    const { items } = Devices.parse(await (await call('GET', '')).json());
    expect(items.map(({ device, current }) => [device, current]).sort()).toEqual([
      ['Kitchen tablet', false],
      ['Kitchen tablet', true],
    ]);
    const seen = Devices.parse(await (await owner.call('GET', `/users/${id}/sessions`)).json());
    expect(seen.items).toHaveLength(2);

    const other = items.find(({ current }) => !current)?.id;
    expect((await call('DELETE', `/${other}`)).status).toBe(204);
    expect((await anyone('POST', '/auth/refresh', { refreshToken: phone.refreshToken })).status).toBe(401);
    expect(await outcomeOf(await call('DELETE', `/${owner.principal.authSessionId}`))).toBe('not-found');
    expect((await call('DELETE', '')).status).toBe(204);
    expect((await call('GET', '')).status).toBe(401);
  });

  it('are fifty at most: the one that was used longest ago ends, and whatever is open there', async () => {
    const { person } = world();
    const told: string[] = [];
    const member = await person('member');
    const insert = env.DB.prepare(
      `INSERT INTO auth_session (id, user_id, device, refresh_hash, rotated_at, created_at, expires_at)
       VALUES (?1, ?2, 'old', ?1, 0, ?3, 9e15)`,
    );
    await env.DB.batch(Array.from({ length: 60 }, (_, i) => insert.bind(`fill-${i}`, member.id, i)));
    const owner = await person('owner');
    await owner.call('POST', '/users', { username: 'Pia', password: PASSWORD, role: 'member' });
    await env.DB.prepare(
      `UPDATE auth_session SET user_id = (SELECT id FROM user WHERE name = 'Pia') WHERE device = 'old'`,
    ).run();
    const bindings = { FLEET: listening('fleet', told), EVENT_HUB: listening('hub', told) };
    await edgeClient({ bindings }).post('/api/v1/auth/login', login('Pia'));
    const ended = Array.from({ length: 11 }, (_, i) => `fill-${i}`);
    expect(told.map((one) => one.split(' ').sort())).toEqual([['fleet', ...ended].sort(), ['hub', ...ended].sort()]);
    const open = await env.DB.prepare(
      `SELECT count(*) AS n, min(created_at) AS oldest FROM auth_session WHERE ended_at IS NULL AND (device = 'old' OR device = 'Kitchen tablet')
       AND user_id = (SELECT id FROM user WHERE name = 'Pia')`,
    ).first();
    expect(open).toEqual({ n: 50, oldest: 11 });
  });
});

/** An object that writes down, call by call, whose end it is told. */
function listening(name: string, told: string[]): never {
  const note = async (ids: readonly string[]) => void told.push([name, ...ids].join(' '));
  return { getByName: () => ({ signedOut: note, endSessions: note }) } as never;
}
