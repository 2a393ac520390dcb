import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { TestAgent } from '../fakes/agent.ts';
import { startEdge, type TestEdge } from '../fakes/edge.ts';
import { lossyNetwork } from '../fakes/proxy.ts';
import { callThrough, metricsOf, readAll, waitInVain, watch } from '../fakes/viewer.ts';

/** More than all buffers on the way hold together, so that a body is under way until its viewer has read it. */
const LONG = 96 * 1024 * 1024;

let edge: TestEdge;
let agent: TestAgent;

beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge[Symbol.asyncDispose]());
afterEach(async () => {
  vi.useRealTimers();
  await agent[Symbol.asyncDispose]();
});

const film = () => watch(edge.origin, agent.identity.agentId);
const metrics = () => metricsOf(edge.origin, agent.identity.agentId);
const scan = () =>
  callThrough(edge.origin, agent.identity.agentId, {
    method: 'library.scan',
    params: { root: null },
    deadlineMs: 5_000,
  });

/** Reads a megabyte of a body, so that it is certainly under way. */
async function begin(response: Awaited<ReturnType<typeof film>>) {
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  for (let left = 1_048_576; left > 0; ) left -= (await reader.read()).value?.length ?? left;
  return reader;
}

/** Reads to the end; 'whole' or 'broken'. */
async function rest(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<'whole' | 'broken'> {
  try {
    while (!(await reader.read()).done);
    return 'whole';
  } catch {
    return 'broken';
  }
}

it('[BY3] [BY5] a film of three PUTs of 64 MB arrives byte for byte', async () => {
  agent = await TestAgent.enrol(edge, 130 * 1024 * 1024);
  await agent.link();
  const response = await film();
  expect(response.headers.get('content-length')).toBe(String(agent.film.size));
  expect(await readAll(response)).toEqual({ length: agent.film.size, sha256: agent.film.sha256 });
});

it('[BY4] an agent that dies in the middle of a body breaks it off', async () => {
  agent = await TestAgent.enrol(edge, LONG);
  const process = await agent.process();
  const reader = await begin(await film());
  process.kill('SIGKILL');
  expect(await rest(reader)).toBe('broken');
});

it('[LV2] [LV3] an agent that is stopped is given up within seconds, and comes back when it goes on', async () => {
  agent = await TestAgent.enrol(edge, LONG);
  const process = await agent.process();
  const flowing = await begin(await film());
  const waiting = watch(edge.origin, agent.identity.agentId, {
    resource: { kind: 'segment', rendition: 'v720', k: 60_000 },
  });
  await delay(200);
  process.kill('SIGSTOP');
  const failed = await waiting;
  expect([failed.status, failed.headers.get('hc-failure')]).toEqual([504, 'liveness']);
  expect(await rest(flowing)).toBe('broken');
  expect((await film()).status, 'the next one does not wait').toBe(503);
  process.kill('SIGCONT');
  await expect.poll(scan).toMatchObject({ ok: true });
  expect((await readAll(await film())).sha256).toBe(agent.film.sha256);
});

it('[LV2] [PR1] a network that is lost without a word fails what is in flight, and the agent finds another way', async () => {
  await using network = await lossyNetwork(edge.origin);
  agent = await TestAgent.enrol(edge, LONG);
  await agent.link({ edge: network.origin, heartbeat: { pingMs: 1_000, pongMs: 500 } });
  const flowing = await begin(await film());
  const waiting = watch(edge.origin, agent.identity.agentId, {
    resource: { kind: 'segment', rendition: 'v720', k: 60_000 },
  });
  await delay(200);
  network.lose();
  expect((await waiting).headers.get('hc-failure')).toBe('liveness');
  expect(await rest(flowing)).toBe('broken');
  await expect.poll(scan).toMatchObject({ ok: true });
});

it("[BY6] a viewer who is cut off while nothing flows ends the agent's work", async () => {
  agent = await TestAgent.enrol(edge, 1000);
  await agent.link();
  const resource = { kind: 'image', image: '0'.repeat(32), width: 320 } as const;
  const viewer = waitInVain(edge.origin, agent.identity.agentId, { resource });
  await expect.poll(metrics).toMatchObject({ streamsOpen: 1 });
  viewer.reset();
  await expect.poll(() => agent.handlers.aborted).toBe(1);
  expect((await metrics()).aborts['viewer-left']).toBe(1);
});

it("[BY6] a viewer who leaves a paused film ends the agent's work", async () => {
  agent = await TestAgent.enrol(edge, LONG);
  await agent.link();
  const reader = await begin(await film());
  await delay(500);
  await reader.cancel();
  await expect.poll(() => agent.handlers.aborted).toBe(1);
  await expect.poll(metrics).toMatchObject({ streamsOpen: 0 });
});

it('[LV1] a viewer who pauses for longer than any silence may last goes on where he was', async () => {
  agent = await TestAgent.enrol(edge, LONG);
  await agent.link();
  const reader = await begin(await film());
  await delay(5_000);
  expect(await rest(reader)).toBe('whole');
});

it('64 paused viewers do not keep one more from watching', async () => {
  agent = await TestAgent.enrol(edge, 24 * 1024 * 1024);
  await agent.link();
  const paused = [];
  for (let i = 0; i < 64; i++) paused.push(await film());
  await expect.poll(metrics).toMatchObject({ streamsOpen: 64 });
  expect((await readAll(await film())).sha256).toBe(agent.film.sha256);
  await Promise.all(paused.map((response) => response.body?.cancel()));
  await expect.poll(metrics).toMatchObject({ streamsOpen: 0 });
});

it('[AU2] an agent whose clock is an hour wrong is let in', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  agent = await TestAgent.enrol(edge, 1000);
  await agent.link();
  vi.setSystemTime(Date.now() - 7_200_000);
  const again = await agent.link();
  expect(again.connected).toBe(true);
});

it('[HS4] [RC2] of two processes of one agent the newer one stays and the older one does not come back', async () => {
  agent = await TestAgent.enrol(edge, 200_000);
  const older = await agent.process();
  const newer = await agent.process();
  await expect.poll(() => older.said).toEqual(['connected', 'ended replaced']);
  expect((await readAll(await film())).sha256).toBe(agent.film.sha256);
  expect(newer.said).toEqual(['connected']);
});

it('[FA1] a fault inside the agent is a failure of its own, and the link lives on', async () => {
  agent = await TestAgent.enrol(edge, 1000);
  await agent.link();
  const resource = { kind: 'init', rendition: 'v720' } as const;
  const response = await watch(edge.origin, agent.identity.agentId, { resource });
  expect([response.status, response.headers.get('hc-failure')]).toEqual([502, 'liveness']);
  expect(await scan()).toMatchObject({ ok: true });
});

it('[AU5] [RC2] an agent that was removed ends its link and stays away', async () => {
  agent = await TestAgent.enrol(edge, 1000);
  const link = await agent.link();
  await fetch(`${edge.origin}/viewer/${agent.identity.agentId}`, { method: 'DELETE' });
  expect(await link.ended).toBe('removed');
});
