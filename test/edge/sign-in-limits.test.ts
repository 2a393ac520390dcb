import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { cookieHeader, edgeClient } from './edge-client.ts';
import { outcomeOf } from './people-caller.ts';

const OWNER = { setupCode: 'TEST-SETUP', username: 'Ada', password: 'correct horse battery' };
const LOGIN = { username: 'ada', password: OWNER.password, device: 'Kitchen tablet' };

beforeEach(async () => {
  await env.DB.batch([env.DB.prepare('DELETE FROM user'), env.DB.prepare('DELETE FROM auth_session')]);
  await edgeClient().post('/api/v1/auth/setup', OWNER);
});

let hashed = 0;

/** Ten for each key, as the binding counts them, but without its minutes: one of those may end among eleven attempts. */
function ten(): RateLimit {
  const counts = new Map<string, number>();
  return {
    limit: async ({ key }) => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      return { success: (counts.get(key) ?? 0) <= 10 };
    },
  };
}

/** Guesses are counted, and found wrong without any work. */
const quick = {
  fetch: async (url: string, init: RequestInit) => {
    hashed++;
    return String(init.body).includes('"guess"') ? Response.json({ valid: false }) : env.PASSWORDS.fetch(url, init);
  },
} as unknown as Fetcher;

describe('signing in', () => {
  it('is limited for a name from one network before anything is hashed, and nowhere else', async () => {
    hashed = 0;
    const edge = edgeClient({ bindings: { PASSWORDS: quick, LOGIN_LIMIT: ten() } });
    const attempt = (password: string, address: string) =>
      edge.post('/api/v1/auth/login', { ...LOGIN, password }, { 'cf-connecting-ip': address });

    for (let i = 0; i < 10; i++) expect((await attempt('guess', `2001:db8:1:2::${i}`)).status).toBe(401);
    const refused = await attempt(LOGIN.password, '2001:db8:1:2:ffff::1');
    expect(refused.headers.get('retry-after')).toBe('60');
    expect(await outcomeOf(refused)).toBe('rate-limited');
    expect(hashed).toBe(10);
    expect((await attempt(LOGIN.password, '203.0.113.1')).status).toBe(200);
  });

  it('stays possible from where one is signed in while a name is attacked from everywhere', async () => {
    const attacked = { limit: async ({ key }: { key: string }) => ({ success: key !== 'guesses of ada' }) };
    const login = (address: string, bindings = {}) =>
      edgeClient({ bindings }).post('/api/v1/auth/login', LOGIN, { 'cf-connecting-ip': address });
    expect((await login('203.0.113.5')).status).toBe(200);
    expect((await login('203.0.113.5', { GUESS_LIMIT: attacked })).status).toBe(200);
    expect((await login('203.0.113.6', { GUESS_LIMIT: attacked })).status).toBe(429);
  });

  it('stays possible in a browser that was used before, whatever others try, and is counted there by itself', async () => {
    const login = (bindings: object, cookie: string, password = LOGIN.password) =>
      edgeClient({ bindings }).post('/api/v1/auth/login', { ...LOGIN, password, delivery: 'cookie' }, { cookie });
    const cookie = cookieHeader(await login({}, ''));
    const spent = { limit: async ({ key }: { key: string }) => ({ success: key.startsWith('sign-ins on dev_') }) };
    const attacked = { LOGIN_LIMIT: spent, GUESS_LIMIT: spent };
    expect((await login(attacked, '')).status).toBe(429);
    expect((await login(attacked, cookie)).status).toBe(200);
    expect((await login(attacked, cookie.replace(/hc_device=./, 'hc_device=x'))).status).toBe(429);
    const itself = { PASSWORDS: quick, LOGIN_LIMIT: ten() };
    for (let i = 0; i < 10; i++) expect((await login(itself, cookie, 'guess')).status).toBe(401);
    expect((await login(itself, cookie)).status).toBe(429);
    const bea = { ...OWNER, username: 'Bea' };
    await env.DB.prepare('DELETE FROM user').run();
    await edgeClient().post('/api/v1/auth/setup', bea);
    const other = await edgeClient({ bindings: attacked }).post(
      '/api/v1/auth/login',
      { ...LOGIN, username: 'Bea' },
      { cookie },
    );
    expect(other.status).toBe(429);
  });

  it('is limited by no address where clients can say themselves what address they have', async () => {
    const bindings = { ADDRESSES: 'unproven', PASSWORDS: quick, LOGIN_LIMIT: ten() } as const;
    const attempt = (i: number) =>
      edgeClient({ bindings }).post(
        '/api/v1/auth/login',
        { ...LOGIN, username: 'nobody', password: 'guess' },
        { 'cf-connecting-ip': `198.51.100.${i}` },
      );
    for (let i = 0; i < 10; i++) expect((await attempt(i)).status).toBe(401);
    expect((await attempt(99)).status).toBe(429);
    const logged = await env.DB.prepare(`SELECT DISTINCT address FROM audit WHERE actor = 'nobody'`).all();
    expect(logged.results).toEqual([{ address: 'local' }]);
  });
});

describe('a stranger', () => {
  /** Spent for whatever comes from one network, machine or person. */
  const spent = { limit: async ({ key }: { key: string }) => ({ success: !key.includes('from ') }) };
  const limits = { CHANGE_LIMIT: spent, READ_LIMIT: spent };
  const machine = { authorization: 'Bearer made.up.token' };

  it('who makes up the names of machines is counted by network before anybody looks for them', async () => {
    const edge = edgeClient({ bindings: limits });
    for (const path of ['sync', 'digest', 'leave']) {
      expect(await outcomeOf(await edge.post(`/agent/v1/${path}`, {}, machine))).toBe('rate-limited');
    }
    expect(await outcomeOf(await edge.get('/agent/v1/connect', machine))).toBe('rate-limited');
    expect(edge.statements()).toBe(0);
  });

  it('spends nothing that all share, where nobody is told apart by an address', async () => {
    const edge = edgeClient({ bindings: { ...limits, ADDRESSES: 'unproven' } });
    const signedIn = await edge.post('/api/v1/auth/login', LOGIN);
    const { refreshToken } = (await signedIn.json()) as { refreshToken: string };
    expect((await edge.post('/api/v1/auth/refresh', { refreshToken })).status).toBe(200);
    expect((await edge.post('/agent/v1/nonce')).status).toBe(200);
    expect(await outcomeOf(await edge.post('/agent/v1/digest', {}, machine))).toBe('unauthenticated');
  });
});
