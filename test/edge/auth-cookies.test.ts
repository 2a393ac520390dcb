import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { SignedIn } from '../../shared/api/auth.ts';
import { AWAY, cookieHeader, cookiesOf, edgeClient, HOME } from './edge-client.ts';

const OWNER = { setupCode: 'TEST-SETUP', username: 'Ada', password: 'correct horse battery', delivery: 'cookie' };

beforeEach(async () => {
  await env.DB.batch([env.DB.prepare('DELETE FROM user'), env.DB.prepare('DELETE FROM auth_session')]);
});

describe('tokens in cookies', () => {
  it('are bound to the host and to HTTPS where there is HTTPS, and appear in no body', async () => {
    const response = await edgeClient({ origin: AWAY }).post('/api/v1/auth/setup', OWNER, { origin: AWAY });
    const answer = SignedIn.parse(await response.json());
    expect(answer.accessToken ?? answer.refreshToken).toBeUndefined();
    const cookies = cookiesOf(response);
    expect([...cookies.keys()].sort()).toEqual(['__Host-hc_access', '__Secure-hc_device', '__Secure-hc_refresh']);
    for (const { attributes } of cookies.values()) {
      expect(attributes).toEqual(expect.arrayContaining(['httponly', 'secure', 'samesite=strict']));
    }
    expect(cookies.get('__Host-hc_access')?.attributes).toContain('path=/');
    expect(cookies.get('__Secure-hc_refresh')?.attributes).toContain('path=/api/v1/auth');
  });

  it('work on the plain HTTP of a home network', async () => {
    const edge = edgeClient();
    const response = await edge.post('/api/v1/auth/setup', OWNER, { origin: HOME });
    const cookies = cookiesOf(response);
    expect([...cookies.keys()].sort()).toEqual(['hc_access', 'hc_device', 'hc_refresh']);
    for (const { attributes } of cookies.values()) {
      expect(attributes).toEqual(expect.arrayContaining(['httponly', 'samesite=strict']));
      expect(attributes).not.toContain('secure');
    }
    const me = await edge.get('/api/v1/users/me', { cookie: cookieHeader(response) });
    expect(await me.json()).toMatchObject({ name: 'Ada' });
  });

  it('are secure behind a proxy that ends TLS', async () => {
    const edge = edgeClient();
    const proxied = { 'x-forwarded-proto': 'https', origin: HOME.replace('http:', 'https:') };
    const response = await edge.post('/api/v1/auth/setup', OWNER, proxied);
    expect([...cookiesOf(response).keys()].sort()).toEqual([
      '__Host-hc_access',
      '__Secure-hc_device',
      '__Secure-hc_refresh',
    ]);
    const cookie = cookieHeader(response);
    expect((await edge.post('/api/v1/auth/refresh', undefined, { ...proxied, cookie })).status).toBe(200);
  });

  it('are refreshed by cookie and taken away at sign-out', async () => {
    const edge = edgeClient();
    const first = await edge.post('/api/v1/auth/setup', OWNER, { origin: HOME });
    const second = await edge.post('/api/v1/auth/refresh', undefined, { origin: HOME, cookie: cookieHeader(first) });
    expect(second.status).toBe(200);
    expect(cookiesOf(second).get('hc_refresh')?.value).not.toBe(cookiesOf(first).get('hc_refresh')?.value);

    const cookie = cookieHeader(second);
    const out = await edge.post('/api/v1/auth/logout', undefined, { origin: HOME, cookie });
    expect(out.status).toBe(204);
    for (const { value, attributes } of cookiesOf(out).values()) {
      expect(value).toBe('');
      expect(attributes).toContain('max-age=0');
    }
    expect((await edge.get('/api/v1/users/me', { cookie })).status).toBe(401);
    expect((await edge.post('/api/v1/auth/refresh', undefined, { origin: HOME, cookie })).status).toBe(401);
  });
});

describe('a page of another site', () => {
  const elsewhere = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };

  it.each([
    ['another origin', { origin: 'https://evil.example' }],
    ['a neighbouring host', { origin: HOME, 'sec-fetch-site': 'same-site' }, 'http://other.home:8790'],
    ['another port', { origin: 'http://hearth.home:9999' }],
    ['an opaque origin', { origin: 'null' }],
    ['no origin at all', {}],
  ])('cannot change anything with the cookies of a visitor (%s)', async (_, headers, origin = HOME) => {
    const edge = edgeClient({ origin });
    const signedIn = await edge.post('/api/v1/auth/setup', OWNER, { origin });
    const cookie = cookieHeader(signedIn);
    for (const path of ['/api/v1/auth/refresh', '/api/v1/auth/logout', '/api/v1/items/1/play']) {
      const response = await edge.post(path, {}, { ...headers, cookie });
      expect([path, response.status]).toEqual([path, 403]);
      expect(await response.json()).toMatchObject({ code: 'forbidden' });
    }
    expect((await edge.get('/api/v1/users/me', { cookie })).status).toBe(200);
  });

  it('cannot open the event socket with them', async () => {
    const edge = edgeClient();
    const signedIn = await edge.post('/api/v1/auth/setup', OWNER, { origin: HOME });
    const headers = { cookie: cookieHeader(signedIn), upgrade: 'websocket', origin: 'https://evil.example' };
    expect((await edge.get('/api/v1/events', headers)).status).toBe(403);
  });

  it('cannot sign a visitor in to an account of its choice', async () => {
    const edge = edgeClient();
    await edge.post('/api/v1/auth/setup', OWNER, { origin: HOME });
    const login = { username: 'Ada', password: OWNER.password, delivery: 'cookie' };
    const response = await edge.post('/api/v1/auth/login', login, elsewhere);
    expect(response.status).toBe(403);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it('is not what a client with a bearer token is taken for', async () => {
    const edge = edgeClient();
    const signedIn = await edge.post('/api/v1/auth/setup', { ...OWNER, delivery: 'body' });
    const { accessToken } = SignedIn.parse(await signedIn.json());
    const headers = { ...elsewhere, authorization: `Bearer ${accessToken}` };
    expect((await edge.post('/api/v1/auth/logout', {}, headers)).status).toBe(204);
    expect((await edge.get('/api/v1/users/me', headers)).status).toBe(401);
  });
});
