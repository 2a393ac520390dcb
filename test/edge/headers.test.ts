import { describe, expect, it } from 'vitest';
import { DEFAULT_MAX_BODY } from '../../edge/http/policy.ts';
import headersFile from '../../web/public/_headers?raw';
import { AWAY, edgeClient, HOME } from './edge-client.ts';

const assets = {
  fetch: async () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
} as unknown as Fetcher;

/** The first block of the file, which is for every path. */
const fileHeaders = Object.fromEntries(
  (headersFile.split('\n\n')[0] ?? '')
    .split('\n')
    .slice(1)
    .map((line) => {
      const at = line.indexOf(':');
      return [line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()];
    }),
);

describe('the security headers', () => {
  it.each(['/api/v1/server', '/api/v1/users/me', '/api/v1/unknown', '/health/live', '/.well-known/jwks.json'])(
    'let nothing run or load in what %s answers',
    async (path) => {
      const { headers } = await edgeClient({ origin: AWAY }).get(path);
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'; sandbox");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d+$/);
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('speak of HTTPS over HTTPS only', async () => {
    const { headers } = await edgeClient({ origin: HOME }).get('/api/v1/server');
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('are the same for the app from the Worker as for its files beside the Worker', async () => {
    const response = await edgeClient({ origin: AWAY, bindings: { ASSETS: assets } }).get('/library/7');
    expect(await response.text()).toContain('<!doctype html>');
    expect(Object.keys(fileHeaders).length).toBeGreaterThan(4);
    for (const [name, value] of Object.entries(fileHeaders))
      expect([name, response.headers.get(name)]).toEqual([name, value]);
  });

  it('allow the app no script but its own files, and no frame around it', async () => {
    const csp = fileHeaders['content-security-policy'] ?? '';
    const directives = new Map(csp.split('; ').map((directive) => [directive.split(' ')[0], directive]));
    expect(directives.get('script-src')).toBe("script-src 'self' 'wasm-unsafe-eval'");
    expect(directives.get('default-src')).toBe("default-src 'self'");
    expect(directives.get('frame-ancestors')).toBe("frame-ancestors 'none'");
    expect(csp).not.toContain("'unsafe-eval'");
  });

  it('let no cache keep what the API says to one person', async () => {
    const { headers } = await edgeClient().get('/api/v1/server');
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('a body', () => {
  it('over the limit is refused, announced or not', async () => {
    const edge = edgeClient();
    const body = { username: 'x'.repeat(DEFAULT_MAX_BODY), password: 'y' };
    const announced = await edge.post('/api/v1/auth/login', body, { 'content-length': String(DEFAULT_MAX_BODY + 30) });
    const unannounced = await edge.post('/api/v1/auth/login', body);
    for (const response of [announced, unannounced]) {
      expect(response.status).toBe(413);
      expect(await response.json()).toMatchObject({ code: 'too-large' });
    }
  });

  it('that is no JSON or misses a field is refused with the name of the field', async () => {
    const edge = edgeClient();
    const missing = await edge.post('/api/v1/auth/login', { username: 'ada' });
    expect(missing.status).toBe(400);
    expect(await missing.json()).toMatchObject({ code: 'bad-request', detail: expect.stringContaining('password') });
  });
});
