import { env, exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { endAuthSession } from '../../edge/db/auth-sessions.ts';
import worker from '../../edge/index.ts';
import { edgeClient } from './edge-client.ts';
import { signedIn } from './signed-in.ts';

describe('an access token', () => {
  it('costs no statement while the list of ended sign-ins is younger than ten seconds', async () => {
    const edge = edgeClient();
    const { headers } = await signedIn('member');
    expect((await edge.get('/api/v1/users/me', headers)).status).toBe(200);
    expect(edge.statements()).toBe(1);
    edge.clock.now += 9_999;
    for (let i = 0; i < 5; i++) expect((await edge.get('/api/v1/users/me', headers)).status).toBe(200);
    expect(edge.statements()).toBe(1);
    edge.clock.now += 1;
    await Promise.all(Array.from({ length: 8 }, () => edge.get('/api/v1/users/me', headers)));
    expect(edge.statements()).toBe(2);
  });

  it('of a session that ended elsewhere is refused within ten seconds, and by a cold isolate at once', async () => {
    const warm = edgeClient();
    const { headers, principal } = await signedIn('member');
    expect((await warm.get('/api/v1/users/me', headers)).status).toBe(200);
    await endAuthSession(env, principal.authSessionId, warm.clock.now);
    expect((await edgeClient().get('/api/v1/users/me', headers)).status).toBe(401);
    warm.clock.now += 10_000;
    expect((await warm.get('/api/v1/users/me', headers)).status).toBe(401);
  });

  it('lets nobody in while the list cannot be read, and says that it is worth trying again', async () => {
    const broken = { prepare: () => ({ bind: () => ({ all: () => Promise.reject(new Error('D1 is away')) }) }) };
    const edge = edgeClient({ bindings: { DB: broken as unknown as D1Database } });
    const { headers } = await signedIn('member');
    const response = await edge.get('/api/v1/users/me', headers);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).not.toBeNull();
    expect(await response.json()).toMatchObject({ code: 'unavailable', retryable: true });
  });

  it('of another deployment is refused', async () => {
    const { headers } = await signedIn('owner');
    const other = edgeClient({ bindings: { HEARTHCAST_SECRET: 'another-secret-another-secret-another-secret' } });
    expect((await other.get('/api/v1/users/me', headers)).status).toBe(401);
  });

  it('opens nothing where the deployment has no proper secret', async () => {
    const { headers } = await signedIn('owner');
    const response = await edgeClient({ bindings: { HEARTHCAST_SECRET: '' } }).get('/api/v1/users/me', headers);
    expect(response.status).toBe(503);
  });

  it('can be verified by others with the published key, which holds no private half', async () => {
    const response = await edgeClient().get('/.well-known/jwks.json');
    const { keys } = (await response.json()) as { keys: Record<string, string>[] };
    expect(keys).toEqual([expect.objectContaining({ kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' })]);
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('is verified for many requests at once in one cold isolate', async () => {
    const { headers } = await signedIn('member');
    const ask = () => exports.default.fetch('http://edge/api/v1/users/me', { headers });
    const answers = await Promise.all(Array.from({ length: 20 }, ask));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 200));
  });
});

describe('an event socket', () => {
  it('closes when its sign-in ends', async () => {
    const { headers } = await signedIn('member');
    const opened = await exports.default.fetch('http://edge/api/v1/events', {
      headers: { ...headers, upgrade: 'websocket' },
    });
    expect(opened.status).toBe(101);
    const socket = opened.webSocket as WebSocket;
    const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
    socket.accept();
    const out = await exports.default.fetch('http://edge/api/v1/auth/logout', { method: 'POST', headers });
    expect(out.status).toBe(204);
    expect(await closed).toMatchObject({ code: 1008, reason: 'signed out' });
  });
});

describe('the cleaning by the clock', () => {
  it('deletes sign-ins and codes that are over for a day, and keeps codes that were used', async () => {
    const now = Date.now();
    const day = 24 * 3600_000;
    const session = env.DB.prepare(
      `INSERT INTO auth_session (id, user_id, device, refresh_hash, rotated_at, created_at, expires_at, ended_at)
       VALUES (?1, 1, 'x', ?1, 0, 0, ?2, ?3)`,
    );
    const code = env.DB.prepare(
      'INSERT INTO enrolment (code_hash, site_id, created_at, expires_at, used_at) VALUES (?, 1, 0, ?, ?)',
    );
    await env.DB.batch([
      session.bind('alive', now + day, null),
      session.bind('just-ended', now + day, now - 1000),
      session.bind('ended', now + day, now - 2 * day),
      session.bind('expired', now - 2 * day, null),
      code.bind('open', now + day, null),
      code.bind('unused', now - 2 * day, null),
      code.bind('used', now - 2 * day, now - 2 * day),
    ]);
    await worker.scheduled({} as ScheduledController, env);
    const ids = async (sql: string) => (await env.DB.prepare(sql).raw<string[]>()).flat();
    const sessions = await ids(`SELECT id FROM auth_session WHERE device = 'x' ORDER BY id`);
    expect(sessions).toEqual(['alive', 'just-ended']);
    expect(await ids('SELECT code_hash FROM enrolment ORDER BY code_hash')).toEqual(['open', 'used']);
  });
});
