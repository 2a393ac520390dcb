import { setTimeout as delay } from 'node:timers/promises';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openLink } from '../../agent/link/link.ts';
import { TestAgent } from '../fakes/agent.ts';
import { FakeEdge } from '../fakes/fake-edge.ts';
import { callThrough, readAll, watch } from '../fakes/viewer.ts';

let edge: FakeEdge;
let agent: TestAgent;

beforeEach(async () => {
  edge = await FakeEdge.start();
  agent = await TestAgent.enrol(edge, 3_000_000);
});
afterEach(async () => {
  await agent[Symbol.asyncDispose]();
  await edge[Symbol.asyncDispose]();
});

const id = () => agent.identity.agentId;
const scan = () =>
  callThrough(edge.origin, id(), { method: 'library.scan', params: { root: null }, deadlineMs: 5_000 });
const ended = (n: number) =>
  ({
    kind: 'session.ended',
    session: `ses_${String(n).padStart(22, '0')}`,
    generation: 1,
    reason: 'lease',
  }) as const;

it.each([
  ['nothing', ''],
  ['what is not JSON', '{"type":'],
  ['a type of the future', '{"type":"lullaby","volume":3}'],
  ['fields of the wrong kind', '{"type":"bytes","id":7}'],
  ['binary', Buffer.from([0, 1, 2, 255])],
  ['a prototype', '{"type":"call","id":"x","method":"__proto__","params":{},"deadlineMs":10}'],
  [
    'deep nesting',
    `{"type":"call","id":"y","method":"library.scan","params":${'['.repeat(9e3)}${']'.repeat(9e3)},"deadlineMs":9}`,
  ],
])('[FR4] lives on when the edge says %s', async (_, message) => {
  const link = await agent.link();
  edge.sendRaw(id(), message);
  expect(await scan()).toMatchObject({ ok: true });
  expect(link.connected).toBe(true);
});

it('[FR4] reconnects when the edge sends a message of 40 MB', async () => {
  const link = await agent.link();
  edge.sendRaw(id(), 'x'.repeat(40 * 1024 * 1024));
  await expect.poll(() => edge.upgrades).toBe(2);
  await expect.poll(() => link.connected).toBe(true);
});

it('[HS6] closes the sessions that moved while it was away', async () => {
  edge.closeSessions = [{ id: 'ses_AAAAAAAAAAAAAAAAAAAAAA', generation: 2 }];
  await agent.link();
  await expect
    .poll(() => agent.handlers.calls)
    .toEqual([{ method: 'session.close', params: { session: 'ses_AAAAAAAAAAAAAAAAAAAAAA', generation: 2 } }]);
});

it('[HS1] says hello with its sessions each time it connects', async () => {
  agent.handlers.open = [{ id: 'ses_AAAAAAAAAAAAAAAAAAAAAA', generation: 2 }];
  const link = await agent.link();
  edge.close(id(), 'broken');
  await expect.poll(() => edge.heard('hello').length).toBe(2);
  expect(edge.heard('hello').map((hello) => hello.sessions)).toEqual([agent.handlers.open, agent.handlers.open]);
  await expect.poll(() => link.connected).toBe(true);
});

it('[EV1] sends what was not acknowledged again after a reconnect, once each and in order', async () => {
  const link = await agent.link();
  edge.acknowledges = false;
  for (let n = 1; n <= 3; n++) link.send(ended(n));
  await expect.poll(() => edge.heard('event').map(({ seq }) => seq)).toEqual([1, 2, 3]);
  edge.acknowledges = true;
  edge.close(id(), 'restarting');
  await expect.poll(() => edge.heard('event').map(({ seq }) => seq)).toEqual([1, 2, 3, 1, 2, 3]);
  edge.close(id(), 'restarting');
  await expect.poll(() => edge.heard('hello').length).toBe(3);
  link.send(ended(4));
  await expect.poll(() => edge.heard('event').at(-1)?.seq).toBe(4);
  expect(edge.heard('event')).toHaveLength(7);
});

it('[EV1] keeps events from before the first connection', async () => {
  const stop = new AbortController();
  const { identity, handlers } = agent;
  const link = openLink({ edge: edge.origin, identity, handlers, log: pino({ level: 'silent' }), signal: stop.signal });
  link.send(ended(1));
  await expect.poll(() => edge.heard('event').length).toBe(1);
  stop.abort();
  await link.ended;
});

it('[LV1] says each second what it works on and how far it is', async () => {
  await agent.link();
  const resource = { kind: 'segment', rendition: 'v720', k: 2_500 } as const;
  expect(await (await watch(edge.origin, id(), { resource })).text()).toBe('segment 2500');
  expect(edge.heard('progress').map(({ ids, moved }) => [ids.length, ...moved])).toEqual([
    [1, 0],
    [1, 0],
  ]);
});

it('[RC2] comes back after every close that is not final', async () => {
  const link = await agent.link();
  for (const reason of ['bad-frame', 'too-much', 'hello-timeout'] as const) {
    const before = edge.heard('hello').length;
    edge.close(id(), reason);
    await expect.poll(() => edge.heard('hello').length, { timeout: 30_000 }).toBe(before + 1);
  }
  await expect.poll(() => link.connected).toBe(true);
});

it('[RC2] stays away when it is too old for the edge', async () => {
  const link = await agent.link();
  edge.close(id(), 'version-unsupported');
  expect(await link.ended).toBe('version-unsupported');
  await delay(1_200);
  expect(edge.upgrades).toBe(1);
});

it('[LV4] stops its work when the socket is gone', async () => {
  await agent.link();
  const resource = { kind: 'image', image: '0'.repeat(32), width: 320 } as const;
  const answer = watch(edge.origin, id(), { resource });
  await delay(100);
  edge.close(id(), 'broken');
  await expect.poll(() => agent.handlers.aborted).toBe(1);
  expect((await answer).headers.get('hc-failure')).toBe('liveness');
});

it('[UP1] relays whole bodies under a limit of the uplink', async () => {
  await agent.link({ uplinkLimit: 6_000_000 });
  const viewers = await Promise.all([watch(edge.origin, id()), watch(edge.origin, id()), watch(edge.origin, id())]);
  const bodies = await Promise.all(viewers.map(readAll));
  expect(bodies.map(({ sha256 }) => sha256)).toEqual(bodies.map(() => agent.film.sha256));
});

it('[AU1] makes a fresh token for requests beside the link', async () => {
  const link = await agent.link();
  const [first, second] = [await link.token(), await link.token()];
  expect(first.split('.')).toHaveLength(3);
  expect(first).not.toBe(second);
});
