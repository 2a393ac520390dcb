import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { ApiKeys, CreatedApiKey } from '../../shared/api/api-keys.ts';
import { outcomeOf, world } from './people-caller.ts';

async function makeKey(role: 'owner' | 'member', request = {}) {
  const { edge, person } = world();
  const maker = await person(role);
  const answer = await maker.call('POST', '/api-keys', { name: 'Script', scopes: ['read'], ...request });
  const made = CreatedApiKey.parse(await answer.json());
  const headers = { authorization: `Bearer ${made.key}` };
  const use = (method: string, path: string, body?: unknown) =>
    edge.call(method, `/api/v1${path}`, { headers, ...(body === undefined ? {} : { body }) });
  const listed = async () => ApiKeys.parse(await (await maker.call('GET', '/api-keys')).json()).items[0];
  return { edge, maker, made, use, listed };
}

describe('an API key', () => {
  it('calls as its person, and is shown once', async () => {
    const { maker, made, use, listed } = await makeKey('member');
    expect(await (await use('GET', '/users/me')).json()).toMatchObject({ id: maker.id, role: 'member' });
    const { key, ...rest } = made;
    expect(await listed()).toEqual({ ...rest, lastUsedAt: expect.any(Number) });
    expect(key.startsWith(made.prefix)).toBe(true);
    const stored = JSON.stringify((await env.DB.prepare('SELECT * FROM api_key').all()).results);
    expect(stored).not.toContain(key);
  });

  it('does what its scopes say, and never more than its person may', async () => {
    const reader = await makeKey('owner');
    expect((await reader.use('GET', '/home')).status).toBe(200);
    expect(await outcomeOf(await reader.use('GET', '/users'))).toBe('forbidden');
    expect(await outcomeOf(await reader.use('PUT', '/items/1/played', { played: true }))).toBe('forbidden');
    const admin = await makeKey('owner', { scopes: ['admin'] });
    expect((await admin.use('GET', '/users')).status).toBe(200);
    expect(await outcomeOf(await admin.use('GET', '/home'))).toBe('forbidden');
    const member = await makeKey('member', { scopes: ['read', 'play', 'admin'] });
    expect(await outcomeOf(await member.use('GET', '/users'))).toBe('forbidden');
  });

  it('makes no keys, and changes no password', async () => {
    const { use } = await makeKey('owner', { scopes: ['read', 'play', 'admin'] });
    expect(await outcomeOf(await use('POST', '/api-keys', { name: 'x', scopes: ['admin'] }))).toBe('forbidden');
    const passwords = { current: 'correct horse battery', password: 'another horse battery' };
    expect(await outcomeOf(await use('PUT', '/users/me/password', passwords))).toBe('forbidden');
    expect(await outcomeOf(await use('POST', '/signing-keys'))).toBe('forbidden');
  });

  it('ends at once where it is ended, and within ten seconds elsewhere', async () => {
    const { edge, maker, made, use } = await makeKey('member');
    const elsewhere = world().edge;
    const headers = { authorization: `Bearer ${made.key}` };
    elsewhere.clock.now = edge.clock.now;
    expect((await elsewhere.get('/api/v1/users/me', headers)).status).toBe(200);
    const other = await world().person('owner');
    expect(await outcomeOf(await other.call('DELETE', `/api-keys/${made.id}`))).toBe('not-found');
    expect((await maker.call('DELETE', `/api-keys/${made.id}`)).status).toBe(204);
    expect((await use('GET', '/users/me')).status).toBe(401);
    elsewhere.clock.now += 10_000;
    expect((await elsewhere.get('/api/v1/users/me', headers)).status).toBe(401);
  });

  it('ends with its day', async () => {
    const { edge, use } = await makeKey('member', { expiresInDays: 1 });
    expect((await use('GET', '/users/me')).status).toBe(200);
    edge.clock.now += 24 * 3600_000;
    expect((await use('GET', '/users/me')).status).toBe(401);
  });

  it('has its use written down once a minute, and costs no other statement', async () => {
    const { edge, use, listed } = await makeKey('member');
    await use('GET', '/users/me');
    const before = edge.statements();
    for (let i = 0; i < 10; i++) await use('GET', '/users/me');
    expect(edge.statements()).toBe(before);
    const first = (await listed())?.lastUsedAt ?? 0;
    edge.clock.now += 60_000;
    await use('GET', '/users/me');
    expect((await listed())?.lastUsedAt).toBe(first + 60_000);
  });

  it('is one of twenty-five at most', async () => {
    const { maker } = await makeKey('member');
    const made = await Promise.all(
      Array.from({ length: 25 }, async (_, i) =>
        outcomeOf(await maker.call('POST', '/api-keys', { name: `k${i}`, scopes: ['read'] })),
      ),
    );
    expect(made.filter((outcome) => outcome === 'conflict')).toHaveLength(1);
  });

  it('is not taken from a cookie or the address', async () => {
    const { edge, made } = await makeKey('member');
    expect((await edge.get('/api/v1/users/me', { cookie: `hc_access=${made.key}` })).status).toBe(401);
    expect((await edge.get(`/api/v1/users/me?api_key=${made.key}`)).status).toBe(401);
  });
});
