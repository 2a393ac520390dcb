import { env, exports } from 'cloudflare:workers';
import { exportJWK, generateKeyPair } from 'jose';
import { beforeEach, expect, it } from 'vitest';
import { createEnrolment, enrolAgent } from '../../edge/identity/enrolment.ts';
import { LEAVE_PATH } from '../../shared/protocol/enrolment.ts';
import { MAX_UPLINK_BYTES, UPLINK_PATH } from '../../shared/protocol/uplink.ts';
import { FakeAgent, ORIGIN } from './fake-agent.ts';

const NOW = Date.UTC(2026, 10, 21);
const DAY_MS = 24 * 60 * 60 * 1000;
let siteId: number;

beforeEach(async () => {
  const site = await env.DB.prepare('INSERT INTO site (name, created_at) VALUES (?1, 0) RETURNING id')
    .bind(crypto.randomUUID())
    .first<{ id: number }>();
  siteId = site?.id ?? 0;
});

async function machine() {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return { publicKey: (await exportJWK(publicKey)).x as string, privateKey };
}

const request = async (code: string) => ({ code, publicKey: (await machine()).publicKey, name: 'attic' });

it('[EN1] makes codes that are read out and typed without mistakes', async () => {
  for (let i = 0; i < 50; i++) {
    const { code } = await createEnrolment(env, siteId, NOW);
    expect(code).toMatch(/^[A-HJKMNP-TV-Z2-9]{4}-[A-HJKMNP-TV-Z2-9]{4}$/);
  }
});

it('[EN1] takes a code in any case, with or without its dash', async () => {
  for (const typed of [(c: string) => c.toLowerCase(), (c: string) => c.replace('-', ''), (c: string) => ` ${c} `]) {
    const { code } = await createEnrolment(env, siteId, NOW);
    const answer = await enrolAgent(env, await request(typed(code)), NOW);
    expect(answer.siteId).toBe(String(siteId));
  }
});

it('[EN2] takes a code once, for a day, and keeps only its hash', async () => {
  const { code, expiresAt } = await createEnrolment(env, siteId, NOW);
  expect(expiresAt).toBe(NOW + DAY_MS);
  const { results } = await env.DB.prepare('SELECT * FROM enrolment').all();
  expect(JSON.stringify(results)).not.toContain(code.slice(0, 4));
  await enrolAgent(env, await request(code), NOW + DAY_MS - 1);
  await expect(enrolAgent(env, await request(code), NOW)).rejects.toMatchObject({ code: 'code-invalid' });
  const late = await createEnrolment(env, siteId, NOW);
  await expect(enrolAgent(env, await request(late.code), NOW + DAY_MS)).rejects.toMatchObject({ code: 'code-invalid' });
  await expect(enrolAgent(env, await request('AAAA-AAAA'), NOW)).rejects.toMatchObject({ code: 'code-invalid' });
});

it('[EN2] lets one of two machines in that show a code at the same moment', async () => {
  const { code } = await createEnrolment(env, siteId, NOW);
  const both = [await request(code), await request(code)];
  const outcomes = await Promise.allSettled(both.map((one) => enrolAgent(env, one, NOW)));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const keys = both.map(({ publicKey }) => publicKey);
  const { results } = await env.DB.prepare('SELECT id FROM agent WHERE public_key IN (?1, ?2)')
    .bind(...keys)
    .all();
  expect(results).toHaveLength(1);
});

it('knows the machines of a backup by their keys, and whether viewers may come to them', async () => {
  const { publicKey, privateKey } = await machine();
  const id = `agt_${'r'.repeat(22)}`;
  await env.DB.prepare('INSERT INTO agent (id, site_id, name, public_key, created_at, direct_off) VALUES (?,?,?,?,0,1)')
    .bind(id, siteId, 'attic', publicKey)
    .run();
  const back = FakeAgent.of(id, privateKey);
  const stranger = FakeAgent.of(id, (await machine()).privateKey);
  expect((await stranger.upgrade(await stranger.token())).status).toBe(401);
  const socket = await back.dial();
  socket.send(back.hello({ direct: { addresses: [{ url: 'http://192.168.1.5:8788', reach: 'local' }] } }));
  expect((await socket.next('welcome')).direct).toBeUndefined();
  const unknown = FakeAgent.of(`agt_${'u'.repeat(22)}`, privateKey);
  expect((await unknown.upgrade(await unknown.token())).status).toBe(410);
});

it('[EN4] takes the code of the start once, at the first site', async () => {
  const code = String(env.ENROLMENT_CODE);
  await env.DB.prepare('DELETE FROM site').run();
  const answer = await enrolAgent(env, await request(code), NOW);
  expect(answer.siteName).toBe('Home');
  await expect(enrolAgent(env, await request(code), NOW)).rejects.toMatchObject({ code: 'code-invalid' });
});

it('[EN3] an agent that enrolled over HTTP connects and syncs with its own key', async () => {
  const { code } = await createEnrolment(env, siteId, Date.now());
  const { publicKey, privateKey } = await machine();
  const post = (path: string, body: unknown, token?: string) =>
    exports.default.fetch(ORIGIN + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
  const enrolled = await post('/agent/v1/enrol', { code, publicKey, name: 'attic' });
  expect(enrolled.status).toBe(201);
  const { agentId } = await enrolled.json<{ agentId: string }>();
  const agent = FakeAgent.of(agentId, privateKey);
  await agent.connect();

  const batch = { epoch: 'epoch-of-this-test', fromRevision: 0, toRevision: 0, claims: [], complete: false };
  expect((await post('/agent/v1/sync', batch)).status).toBe(401);
  expect((await post('/agent/v1/sync', batch, await (await FakeAgent.enrol()).token())).status).toBe(401);
  const synced = await post('/agent/v1/sync', batch, await agent.token());
  expect(await synced.json()).toMatchObject({ cursor: { revision: 0 } });
  const wrong = await post('/agent/v1/sync', { ...batch, fromRevision: 7, toRevision: 7 }, await agent.token());
  expect(wrong.status).toBe(409);
  expect(await wrong.json()).toMatchObject({ code: 'cursor-mismatch', cursor: { revision: 0 } });
});

it('[UP4] counts what an enrolled agent uploads to measure its line, and takes it from nobody else', async () => {
  const { code } = await createEnrolment(env, siteId, Date.now());
  const { publicKey, privateKey } = await machine();
  const agent = FakeAgent.of(
    (await enrolAgent(env, { code, publicKey, name: 'attic' }, Date.now())).agentId,
    privateKey,
  );
  const upload = async (bytes: number, token?: string) => {
    const answer = await exports.default.fetch(ORIGIN + UPLINK_PATH, {
      method: 'POST',
      headers: { 'content-length': String(bytes), ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: new Uint8Array(bytes),
    });
    return [answer.status, (await answer.json<{ bytes?: number }>()).bytes];
  };
  expect(await upload(300_000, await agent.token())).toEqual([200, 300_000]);
  expect(await upload(10)).toEqual([401, undefined]);
  expect(await upload(10, await (await FakeAgent.enrol()).token())).toEqual([401, undefined]);
  expect(await upload(MAX_UPLINK_BYTES + 1, await agent.token())).toEqual([413, undefined]);
});

it('[EN5] an agent takes itself out: its key is worth nothing from then on, and it is written down', async () => {
  const { code } = await createEnrolment(env, siteId, Date.now());
  const { publicKey, privateKey } = await machine();
  const { agentId } = await enrolAgent(env, { code, publicKey, name: 'attic' }, Date.now());
  const agent = FakeAgent.of(agentId, privateKey);
  const leave = (token?: string) =>
    exports.default.fetch(ORIGIN + LEAVE_PATH, {
      method: 'POST',
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
  const socket = await agent.connect();
  expect((await leave()).status).toBe(401);
  expect((await leave(await (await FakeAgent.enrol()).token())).status).toBe(401);
  expect((await leave(await agent.token())).status).toBe(204);
  expect(await socket.closed).toMatchObject({ reason: 'removed' });
  expect((await agent.upgrade(await agent.token())).status).toBe(410);
  expect((await leave(await agent.token())).status).toBe(401);
  const entry = await env.DB.prepare("SELECT actor, subject FROM audit WHERE event = 'agent.removed'").first();
  expect(entry).toEqual({ actor: 'attic', subject: `attic (${agentId}), by itself` });
});

it('[AU2] gives anyone a nonce, and never the same one', async () => {
  const nonces = [];
  for (let i = 0; i < 2; i++) {
    const response = await exports.default.fetch(`${ORIGIN}/agent/v1/nonce`, { method: 'POST' });
    nonces.push(await response.json<{ nonce: string; expiresInS: number }>());
  }
  expect(nonces.map(({ expiresInS }) => expiresInS)).toEqual([300, 300]);
  expect(nonces[0]?.nonce).not.toBe(nonces[1]?.nonce);
});
