import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callAgent } from '../../edge/link/calls.ts';
import { orderBytes } from '../../edge/link/orders.ts';
import type { AgentFrame } from '../../shared/protocol/frames.ts';
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
  expect((await agent.upgrade(token)).status).toBe(401);
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
  rude.send({ type: 'progress', ids: [], moved: [] });
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
  ['fields of the wrong kind', '{"type":"progress","ids":"all","moved":[]}'],
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
  for (let i = 0; i < 1_100; i++) socket.send({ type: 'progress', ids: [], moved: [] });
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

it("[CA1] a refusal of the agent is the call's failure", async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
  const { id } = await socket.next('call');
  socket.send({ type: 'failure', id, class: 'capacity', code: 'capacity-full', detail: 'busy' });
  expect(await answer).toEqual({ ok: false, class: 'capacity', code: 'capacity-full', detail: 'busy' });
});

it('[CA2] a call that is worked on beyond its deadline fails', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = callAgent(env, agent.id, 'library.scan', { root: null }, 2_000);
  const { id } = await socket.next('call');
  pass(1_900);
  socket.send({ type: 'progress', ids: [id], moved: [0] });
  await expect.poll(() => agent.stub.metrics()).toMatchObject({ callsOpen: 1 });
  pass(200);
  expect(await answer).toMatchObject({ ok: false, class: 'capacity', code: 'agent-timeout' });
  socket.send({ type: 'answer', id, body: { started: true } });
});

it('[LV2] [LV3] an agent that says nothing for three seconds fails the order, and its socket is closed', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = orderBytes(env, agent.id, FILE, patient());
  await socket.next('bytes');
  pass(3_000);
  const response = await answer;
  expect([response.status, response.headers.get('hc-failure')]).toEqual([504, 'liveness']);
  expect(await socket.closed).toMatchObject({ code: 4008, reason: 'silent' });
});

it('[LV2] an agent that speaks, and not of this order, has lost it', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = orderBytes(env, agent.id, FILE, patient());
  await socket.next('bytes');
  pass(2_000);
  socket.send({ type: 'progress', ids: ['another'], moved: [0] });
  await expect.poll(() => agent.stub.metrics()).toMatchObject({ streamsOpen: 1 });
  pass(1_500);
  expect((await answer).headers.get('hc-failure')).toBe('liveness');
  const call = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
  socket.send({ type: 'answer', id: (await socket.next('call')).id, body: { started: true } });
  expect((await call).ok).toBe(true);
});

it('[LV4] a closed socket fails at once what was asked over it', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const order = orderBytes(env, agent.id, FILE, patient());
  const call = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
  await socket.next('bytes');
  await socket.next('call');
  socket.close();
  expect((await order).headers.get('hc-failure')).toBe('liveness');
  expect(await call).toMatchObject({ ok: false, class: 'liveness', code: 'agent-offline' });
});

it('[EV2] acknowledges events in the order in which they came', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const event = (slotsUsed: number): AgentFrame => ({
    type: 'event',
    seq: slotsUsed + 1,
    event: { kind: 'capacity', slotsUsed, slotsTotal: 9 },
  });
  for (let i = 0; i < 9; i++) socket.send(event(i));
  const acks = [];
  for (let i = 0; i < 9; i++) acks.push((await socket.next('ack')).seq);
  expect(acks).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  socket.send(event(3));
  expect((await socket.next('ack')).seq, '[EV1] a repeated event is acknowledged too').toBe(4);
});

it('[PR2] is offline ten seconds after its socket closed, and not when it came back in time', async () => {
  const agent = await FakeAgent.enrol();
  const told = () => runInDurableObject(agent.stub, (_, state) => state.storage.kv.get('presence'));
  const socket = await agent.connect();
  socket.close();
  await expect.poll(told).toMatchObject({ online: true, closedAt: Date.now() });
  pass(9_000);
  await runDurableObjectAlarm(agent.stub);
  expect(await told()).toMatchObject({ online: true });
  const back = await agent.connect();
  pass(2_000);
  await runDurableObjectAlarm(agent.stub);
  expect(await told()).toEqual({ online: true, closedAt: null });
  back.close();
  await expect.poll(told).toMatchObject({ closedAt: Date.now() });
  pass(10_000);
  await runDurableObjectAlarm(agent.stub);
  expect(await told()).toEqual({ online: false, closedAt: null });
});

it('[PR3] closes a socket without a ping for a minute and is offline at once', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  pass(60_000);
  await runDurableObjectAlarm(agent.stub);
  expect(await socket.closed).toMatchObject({ code: 4008, reason: 'silent' });
  const told = await runInDurableObject(agent.stub, (_, state) => state.storage.kv.get('presence'));
  expect(told).toEqual({ online: false, closedAt: null });
});

it('goes on after an eviction with the socket that it had', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  await evictDurableObject(agent.stub);
  const answer = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
  const { id } = await socket.next('call');
  socket.send({ type: 'answer', id, body: { started: true } });
  expect(await answer).toEqual({ ok: true, answer: { started: true } });
});

it("[BY4] a reset of its object in the middle of a body breaks the viewer's response off", async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = orderBytes(env, agent.id, FILE, patient());
  const { id } = await socket.next('bytes');
  const { readable, writable } = new FixedLengthStream(1_000_000);
  const put = agent.put(id, 0, readable, { total: 1_000_000 }).catch(() => 'reset');
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  void writer.write(new Uint8Array(1000)).catch(() => {});
  const body = (await answer).arrayBuffer().catch(() => 'broken');
  await runInDurableObject(agent.stub, (_, state) => state.abort('reset by the test')).catch(() => {});
  expect(await body).toBe('broken');
  expect(await put).toBe('reset');
});
