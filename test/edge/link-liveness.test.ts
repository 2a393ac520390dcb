import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callAgent } from '../../edge/link/calls.ts';
import { orderBytes } from '../../edge/link/orders.ts';
import type { AgentFrame } from '../../shared/protocol/frames.ts';
import { FakeAgent, type FakeSocket } from './fake-agent.ts';

const FILE = { session: null, generation: 0, resource: { kind: 'file' }, range: null } as const;
const _SESSION = 'ses_AAAAAAAAAAAAAAAAAAAAAA';
const patient = () => new AbortController().signal;

// Only the clock: timers are the platform's own.
beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);

it('[CA2] a call that is worked on beyond its deadline fails', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = callAgent(env, agent.id, 'library.scan', { root: null }, 2_000);
  const { id } = await socket.next('call');
  pass(1_900);
  socket.send({ type: 'progress', ids: [id], moved: [0], uplink: null });
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
  socket.send({ type: 'progress', ids: ['another'], moved: [0], uplink: null });
  await expect.poll(() => agent.stub.metrics()).toMatchObject({ streamsOpen: 1 });
  pass(1_500);
  expect((await answer).headers.get('hc-failure')).toBe('liveness');
  const call = callAgent(env, agent.id, 'library.scan', { root: null }, 5_000);
  socket.send({ type: 'answer', id: (await socket.next('call')).id, body: { started: true } });
  expect((await call).ok).toBe(true);
});

/** Lets time pass, with the agent's word each second or two. */
async function work(agent: FakeAgent, socket: FakeSocket, id: string, ms: number, moved: number) {
  for (let passed = 0; passed < ms; passed += 2_000) {
    pass(Math.min(2_000, ms - passed));
    socket.send({ type: 'progress', ids: [id], moved: [moved], uplink: null });
    // Its answer comes after the message before it was read.
    await agent.stub.metrics();
  }
}

async function streaming(agent: FakeAgent, socket: FakeSocket, part: number, total: number) {
  const answer = orderBytes(env, agent.id, FILE, patient());
  const { id } = await socket.next('bytes');
  const { readable, writable } = new FixedLengthStream(part);
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  const put = agent.put(id, 0, readable, { total });
  void writer.write(new Uint8Array(1000)).catch(() => {});
  const body = (await answer).arrayBuffer().then(
    () => 'whole',
    () => 'broken',
  );
  return { id, put, writer, body };
}

it('[BY4] [LV5] an agent that works and never begins the next part breaks the body off', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const { id, put, writer, body } = await streaming(agent, socket, 1000, 2000);
  await writer.close();
  expect(await put).toBe(204);
  await work(agent, socket, id, 4_900, 1000);
  expect(await agent.stub.metrics()).toMatchObject({ streamsOpen: 1 });
  await work(agent, socket, id, 200, 1000);
  expect(await body).toBe('broken');
  expect((await agent.stub.metrics()).aborts['next-part']).toBe(1);
  expect(await agent.put(id, 1, new Uint8Array(1000))).toBe(410);
});

it('[LV6] a relay that moves no byte for a minute is ended', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const { id, put, body } = await streaming(agent, socket, 1_000_000, 1_000_000);
  await work(agent, socket, id, 59_000, 1000);
  expect(await agent.stub.metrics()).toMatchObject({ streamsOpen: 1 });
  await work(agent, socket, id, 4_000, 1000);
  expect(await body).toBe('broken');
  expect(await put).toBe(410);
  expect((await agent.stub.metrics()).aborts.stalled).toBe(1);
});

it('[LV2] silence in the middle of a body breaks it off', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const { put, body } = await streaming(agent, socket, 1_000_000, 1_000_000);
  pass(3_000);
  expect(await body).toBe('broken');
  expect(await put).toBe(410);
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
  const put = agent.put(id, 0, readable, { total: 1_000_000 });
  const writer = writable.getWriter();
  writer.closed.catch(() => {});
  void writer.write(new Uint8Array(1000)).catch(() => {});
  const body = (await answer).arrayBuffer().catch(() => 'broken');
  await runInDurableObject(agent.stub, (_, state) => state.abort('reset by the test')).catch(() => {});
  expect(await body).toBe('broken');
  expect(await put, '[SI2] nobody waits for it any more').toBe(410);
});
