import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callAgent } from '../../edge/link/calls.ts';
import { orderBytes } from '../../edge/link/orders.ts';
import { AGENT_V1 } from '../../shared/protocol/golden-v1.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { FakeAgent } from './fake-agent.ts';

const FILE = { session: null, generation: 0, resource: { kind: 'file' }, range: null } as const;
const SESSION = 'ses_AAAAAAAAAAAAAAAAAAAAAA';
const patient = () => new AbortController().signal;

// Only the clock: timers are the platform's own.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

it('[AU1] refuses a token of another agent at the upgrade', async () => {
  const agent = await FakeAgent.enrol();
  const other = await FakeAgent.enrol();
  expect((await agent.upgrade(await other.token({ sub: agent.id }))).status).toBe(401);
});

it('[AU2] takes a nonce for five minutes by its own clock', async () => {
  const agent = await FakeAgent.enrol();
  const early = await agent.token();
  const late = await agent.token();
  pass(299_000);
  expect((await agent.upgrade(early)).status).toBe(101);
  pass(2_000);
  expect((await agent.upgrade(late)).status).toBe(401);
});

it('[AU3] refuses a token the second time, also after the object was evicted', async () => {
  const agent = await FakeAgent.enrol();
  const token = await agent.token();
  const { status, webSocket } = await agent.upgrade(token);
  expect(status).toBe(101);
  webSocket?.accept();
  const refused = await agent.upgrade(token);
  expect(await refused.json()).toMatchObject({ status: 401, code: 'unauthenticated' });
  await evictDurableObject(agent.stub);
  expect((await agent.upgrade(token)).status).toBe(401);
});

it('[AU4] refuses a token for another server', async () => {
  const agent = await FakeAgent.enrol();
  expect((await agent.upgrade(await agent.token({ aud: 'https://other.example' }))).status).toBe(401);
});

it('[AU5] answers 410 to an agent that was removed, and closes its socket as "removed"', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  await agent.stub.remove();
  expect(await socket.closed).toMatchObject({ code: 4003, reason: 'removed' });
  expect((await agent.upgrade(await agent.token())).status).toBe(410);
});

it('[HS1] closes a socket that says no hello in ten seconds', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.dial();
  pass(10_000);
  await runDurableObjectAlarm(agent.stub);
  expect(await socket.closed).toMatchObject({ code: 4007, reason: 'hello-timeout' });
});

it('[HS1] closes a socket whose first word is no hello, and one that says it twice', async () => {
  const agent = await FakeAgent.enrol();
  const rude = await agent.dial();
  rude.send({ type: 'progress', ids: [], moved: [], uplink: null });
  expect(await rude.closed).toMatchObject({ code: 4001, reason: 'bad-frame' });
  const twice = await agent.connect();
  twice.send(agent.hello());
  expect(await twice.closed).toMatchObject({ code: 4001, reason: 'bad-frame' });
});

it('[HS2] closes a socket with which it has no version in common', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.dial();
  socket.send(agent.hello({ protocol: 99, minProtocol: 99 }));
  expect(await socket.closed).toMatchObject({ code: 4002, reason: 'version-unsupported' });
});

it('[HS2] takes all that an agent of version 1 says, in messages as they were recorded', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.dial();
  const [hello, ...later] = AGENT_V1.map((text) => JSON.parse(text));
  socket.send({ ...hello, agentId: agent.id, sessions: [] });
  expect(await socket.next('welcome')).toMatchObject({ protocol: 1 });
  for (const message of later) socket.send(message);
  for (const seq of [1, 2, 3, 4]) expect(await socket.next('ack')).toEqual({ type: 'ack', seq });
  const answer = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
  const { id } = await socket.next('call');
  socket.send({ ...later.find(({ type }) => type === 'answer'), id });
  expect(await answer).toEqual({ ok: true, answer: { started: true } });
});

it('[HS2] speaks the older version with an agent one release ahead, in messages as they were recorded', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.dial();
  const recorded = JSON.parse(AGENT_V1[0] as string);
  socket.send({ ...recorded, agentId: agent.id, protocol: PROTOCOL_VERSION + 1, roots: [], sessions: [] });
  expect(await socket.next('welcome')).toMatchObject({ protocol: PROTOCOL_VERSION });
  const answer = orderBytes(env, agent.id, FILE, patient());
  const { id } = await socket.next('bytes');
  socket.send({ ...JSON.parse(AGENT_V1.find((message) => message.includes('"inline"')) as string), id });
  expect(await (await answer).text()).toBe('WEBVTT\n');
});

it('[HS3] closes a socket that says hello for another agent', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.dial();
  socket.send(agent.hello({ agentId: 'agt_AAAAAAAAAAAAAAAAAAAAAA' }));
  expect(await socket.closed).toMatchObject({ code: 4001 });
});

it('[HS4] the newest socket takes over and the older one is closed as "replaced"', async () => {
  const agent = await FakeAgent.enrol();
  const older = await agent.connect();
  const newer = await agent.connect();
  expect(await older.closed).toMatchObject({ code: 4000, reason: 'replaced' });
  const answer = orderBytes(env, agent.id, FILE, patient());
  const { id } = await newer.next('bytes');
  newer.send({ type: 'inline', id, contentType: 'text/vtt', etag: null, range: null, body: btoa('x') });
  expect(await (await answer).text()).toBe('x');
});

it('[HS4] a socket that has not said hello replaces nothing', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  await agent.dial();
  const answer = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
  const { id } = await socket.next('call');
  socket.send({ type: 'answer', id, body: { started: true } });
  expect(await answer).toEqual({ ok: true, answer: { started: true } });
});

it('[HS5] an older process is turned away, however new its socket is', async () => {
  const agent = await FakeAgent.enrol();
  await agent.connect({ generation: 2_000 });
  const late = await agent.dial();
  late.send(agent.hello({ generation: 1_999 }));
  expect(await late.closed).toMatchObject({ code: 4000, reason: 'replaced' });
});

it('[HS6] tells an agent which of its sessions to close', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.dial();
  const session = { id: SESSION, generation: 3 };
  const owns = await env.PLAYBACK_SESSION.getByName(SESSION).owns(agent.id, 3);
  socket.send(agent.hello({ sessions: [session] }));
  expect((await socket.next('welcome')).close).toEqual(owns ? [] : [session]);
});

it.each<[string, string | Uint8Array]>([
  ['binary', new Uint8Array([123, 125])],
  ['what is not JSON', '{"type":"progress"'],
  ['an unknown type', '{"type":"shutdown"}'],
  ['fields of the wrong kind', '{"type":"progress","ids":"all","moved":[],"uplink":null}'],
  ['nothing', ''],
])('[FR1] closes a socket that sends %s', async (_, message) => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  socket.sendRaw(message);
  expect(await socket.closed).toMatchObject({ code: 4001, reason: 'bad-frame' });
});

it('[FR2] closes a socket that sends more than a megabyte at once', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  socket.sendRaw(JSON.stringify({ type: 'answer', id: 'x', body: 'y'.repeat(1024 * 1024) }));
  expect(await socket.closed).toMatchObject({ code: 4004, reason: 'too-much' });
});

it('[FR3] closes a socket that floods it with small messages', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  for (let i = 0; i < 1_100; i++) socket.send({ type: 'progress', ids: [], moved: [], uplink: null });
  expect(await socket.closed).toMatchObject({ code: 4004, reason: 'too-much' });
});

it('[FR3] does not count answers to what it asked', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  for (let i = 0; i < 1_100; i++) {
    const answer = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
    const { id } = await socket.next('call');
    socket.send({ type: 'answer', id, body: { started: true } });
    expect((await answer).ok).toBe(true);
  }
});

it('[CA1] an answer of the wrong shape is a failure, and so is the answer to another question', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const wrong = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
  socket.send({ type: 'answer', id: (await socket.next('call')).id, body: { begun: 1 } });
  expect(await wrong).toMatchObject({ ok: false, class: 'content', code: 'agent-failed' });
  const inline = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
  const { id } = await socket.next('call');
  socket.send({ type: 'inline', id, contentType: 'text/vtt', etag: null, range: null, body: '' });
  expect(await inline).toMatchObject({ ok: false, code: 'agent-failed' });
});

it("[UP3] keeps what the agent's line was seen to carry, also over an eviction, and shows it", async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  expect((await agent.stub.metrics()).uplink).toBeNull();
  socket.send({ type: 'progress', ids: [], moved: [], uplink: 5_000_000 });
  await expect.poll(async () => (await agent.stub.metrics()).uplink).toBe(5_000_000);
  await evictDurableObject(agent.stub);
  expect((await agent.stub.metrics()).uplink).toBe(5_000_000);
});

it("[CA1] a refusal of the agent is the call's failure", async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
  const { id } = await socket.next('call');
  socket.send({ type: 'failure', id, class: 'capacity', code: 'capacity-full', detail: 'busy' });
  expect(await answer).toEqual({ ok: false, class: 'capacity', code: 'capacity-full', detail: 'busy' });
});

it('[PR1] answers each ping', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  socket.sendRaw('ping');
  await socket.pong();
  const heardAt = await runInDurableObject(agent.stub, (_, state) =>
    state.getWebSockets().map((open) => state.getWebSocketAutoResponseTimestamp(open)),
  );
  expect(heardAt).toEqual([expect.any(Date)]);
});

it('keeps no more than eight sockets of one agent', async () => {
  const agent = await FakeAgent.enrol();
  const first = await agent.dial();
  for (let i = 0; i < 8; i++) await agent.dial();
  expect(await first.closed).toMatchObject({ code: 4004, reason: 'too-much' });
});
