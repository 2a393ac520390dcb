import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import WebSocket from 'ws';
import { TokenSource } from '../../agent/link/token.ts';
import { MIN_PROTOCOL_VERSION, PROTOCOL_VERSION } from '../../shared/protocol/version.ts';
import { TestAgent } from '../fakes/agent.ts';
import { startEdge, type TestEdge } from '../fakes/edge.ts';
import { readAll, watch } from '../fakes/viewer.ts';

/** What a hostile agent may make the edge hold for a while: its own buffers, and garbage not yet collected. */
const SLACK_BYTES = 150 * 1024 * 1024;

let edge: TestEdge;
let hostile: TestAgent;
let honest: TestAgent;

beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge[Symbol.asyncDispose]());
beforeEach(async () => {
  hostile = await TestAgent.enrol(edge, 1);
  honest = await TestAgent.enrol(edge, 2_000_000);
  await honest.link();
});
afterEach(async () => {
  await hostile[Symbol.asyncDispose]();
  await honest[Symbol.asyncDispose]();
});

/** A socket with a good token, to do with what one likes. */
async function socket(hello = true): Promise<WebSocket> {
  const token = await new TokenSource(edge.origin, hostile.identity).token(new AbortController().signal);
  const open = new WebSocket(`${edge.origin.replace('http', 'ws')}/agent/v1/connect`, {
    headers: { authorization: `Bearer ${token}` },
  });
  await new Promise((resolve, reject) => open.once('open', resolve).once('error', reject));
  open.on('error', () => {});
  if (!hello) return open;
  const { agentId, generation } = hostile.identity;
  const versions = { protocol: PROTOCOL_VERSION, minProtocol: MIN_PROTOCOL_VERSION };
  const said = { type: 'hello', ...versions, agentId, generation, version: '6.6.6', ...hostile.handlers.state() };
  const welcome = new Promise((resolve) => open.once('message', resolve));
  open.send(JSON.stringify(said));
  await welcome;
  return open;
}

const closeCode = (open: WebSocket) => new Promise<number>((resolve) => open.once('close', resolve));

/** Resident memory of the edge: all processes below this one. */
function edgeMemory(pid = process.pid): number {
  let bytes = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean)) {
      const pages = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1];
      bytes += Number(pages ?? 0) * 1024 + edgeMemory(Number(child));
    }
  }
  return bytes;
}

async function honestStillServed(): Promise<void> {
  const film = await readAll(await watch(edge.origin, honest.identity.agentId));
  expect(film.sha256).toBe(honest.film.sha256);
}

it('[FR2] closes on frames of 20 MB, again and again, and holds none of them', async () => {
  const before = edgeMemory();
  for (let i = 0; i < 10; i++) {
    const open = await socket();
    const closed = closeCode(open);
    open.send('x'.repeat(20 * 1024 * 1024));
    expect(await closed).toBe(4004);
  }
  expect(edgeMemory() - before).toBeLessThan(SLACK_BYTES);
  await honestStillServed();
});

it('[FR2] leaves frames over 32 MiB to the platform, which closes too', async () => {
  const open = await socket();
  const closed = closeCode(open);
  open.send('x'.repeat(40 * 1024 * 1024));
  expect([1006, 1009]).toContain(await closed);
  await honestStillServed();
});

it('[FR3] closes on a flood of tiny messages without growing', async () => {
  const before = edgeMemory();
  for (let i = 0; i < 5; i++) {
    const open = await socket();
    const closed = closeCode(open);
    for (let n = 0; n < 10_000; n++) open.send('{"type":"progress","ids":[],"moved":[],"uplink":null}');
    expect(await closed).toBe(4004);
  }
  expect(edgeMemory() - before).toBeLessThan(SLACK_BYTES);
  await honestStillServed();
});

it('[FR1] closes on garbage before and after the hello', async () => {
  for (const hello of [false, true]) {
    const open = await socket(hello);
    const closed = closeCode(open);
    open.send(Buffer.from('\u0000\u0001 not a frame'));
    expect(await closed).toBe(4001);
  }
  await honestStillServed();
});

it('[SI1] [SI2] cannot answer for another agent, with an id of its own making or with one that was used', async () => {
  const put = (id: string) =>
    fetch(`${edge.origin}/agent/v1/streams/${id}?part=0`, {
      method: 'PUT',
      headers: { 'hc-total': '5', 'hc-content-type': 'video/mp4' },
      body: 'stolen',
    });
  expect((await put('bm90LW1pbmU')).status).toBe(403);
  const open = await socket();
  const asked = new Promise<string>((resolve) => open.once('message', (data) => resolve(JSON.parse(String(data)).id)));
  const answer = watch(edge.origin, hostile.identity.agentId);
  const id = await asked;
  const inline = { type: 'inline', id, contentType: 'text/vtt', etag: null, range: null, body: 'eA==' };
  open.send(JSON.stringify(inline));
  expect(await (await answer).text()).toBe('x');
  expect((await put(id)).status).toBe(410);
  const changed = `${id.slice(0, 60)}${id[60] === 'A' ? 'B' : 'A'}${id.slice(61)}`;
  expect((await put(changed)).status).toBe(403);
  open.close();
});
