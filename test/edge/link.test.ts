import { env, exports } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { orderBytes } from '../../edge/link/orders.ts';
import { makeStreamId } from '../../edge/link/stream-id.ts';
import { FakeAgent, ORIGIN } from './fake-agent.ts';

const FILE = { session: null, generation: 0, resource: { kind: 'file' }, range: null } as const;
const SESSION = 'ses_AAAAAAAAAAAAAAAAAAAAAA';
const patient = () => new AbortController().signal;
const bytes = (length: number, fill: number) => new Uint8Array(length).fill(fill);

/** A part of which the test gives the bytes one by one. */
function slowPart(length: number) {
  const { readable, writable } = new FixedLengthStream(length);
  const writer = writable.getWriter();
  // What the other end does is what the test looks at; this end only must not fail it by itself.
  writer.closed.catch(() => {});
  return { readable, writer };
}

it('[BY2] [BY3] a body of three parts reaches the viewer whole, with its exact length', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = orderBytes(env, agent.id, FILE, patient());
  const { id } = await socket.next('bytes');
  const first = agent.put(id, 0, bytes(1000, 1), { total: 2500, etag: '"e"' });
  const response = await answer;
  expect(response.status).toBe(200);
  expect(response.headers.get('content-length')).toBe('2500');
  expect(response.headers.get('etag')).toBe('"e"');
  expect(response.headers.get('accept-ranges')).toBe('bytes');
  const body = response.arrayBuffer();
  expect(await first).toBe(204);
  expect(await agent.put(id, 1, bytes(1000, 2))).toBe(204);
  expect(await agent.put(id, 2, bytes(500, 3))).toBe(204);
  const whole = new Uint8Array(await body);
  expect([whole.length, whole[0], whole[1500], whole[2499]]).toEqual([2500, 1, 2, 3]);
  expect(await agent.put(id, 3, bytes(1, 4)), '[SI2] it lives for one request').toBe(410);
});

it('[BY7] answers a range with 206, and breaks with an agent that answers another one', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const order = { ...FILE, range: { start: 10, end: 19 } };
  const right = orderBytes(env, agent.id, order, patient());
  const first = await socket.next('bytes');
  expect(first.range).toEqual({ start: 10, end: 19 });
  const put = agent.put(first.id, 0, bytes(10, 1), { total: 10, range: 'bytes 10-19/100' });
  const response = await right;
  expect([response.status, response.headers.get('content-range')]).toEqual([206, 'bytes 10-19/100']);
  await response.arrayBuffer();
  expect(await put).toBe(204);

  const wrong = orderBytes(env, agent.id, order, patient());
  const second = await socket.next('bytes');
  expect(await agent.put(second.id, 0, bytes(10, 1), { total: 10, range: 'bytes 0-9/100' })).toBe(409);
  const failed = await wrong;
  expect([failed.status, failed.headers.get('hc-failure')]).toEqual([502, 'liveness']);
});

it('[BY1] a small body comes back inside the conversation', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = orderBytes(env, agent.id, { ...FILE, resource: { kind: 'subtitle', stream: 2 } }, patient());
  const { id, resource } = await socket.next('bytes');
  expect(resource).toEqual({ kind: 'subtitle', stream: 2 });
  socket.send({ type: 'inline', id, contentType: 'text/vtt', etag: null, range: null, body: btoa('WEBVTT') });
  const response = await answer;
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/vtt']);
  expect(await response.text()).toBe('WEBVTT');
});

it('[BY8] does not relay what a browser would run, in a message or in a part', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const inline = orderBytes(env, agent.id, FILE, patient());
  const first = await socket.next('bytes');
  socket.send({ type: 'inline', id: first.id, contentType: 'text/html', etag: null, range: null, body: btoa('<b>') });
  expect((await inline).headers.get('hc-failure')).toBe('content');
  const streamed = orderBytes(env, agent.id, FILE, patient());
  const second = await socket.next('bytes');
  expect(await agent.put(second.id, 0, bytes(5, 1), { total: 5, contentType: 'image/svg+xml' })).toBe(409);
  expect((await streamed).status).toBe(502);
});

it('[BY5] answers a PUT only when the viewer has taken its bytes', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = orderBytes(env, agent.id, FILE, patient());
  const { id } = await socket.next('bytes');
  let answered = false;
  const put = agent.put(id, 0, bytes(3_000_000, 1), { total: 3_000_000 }).finally(() => {
    answered = true;
  });
  const response = await answer;
  const reader = (response.body as ReadableStream).getReader({ mode: 'byob' });
  await reader.readAtLeast(1000, new Uint8Array(1000));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(answered).toBe(false);
  for (let left = 2_999_000; left > 0; ) {
    const { value } = await reader.read(new Uint8Array(65_536));
    left -= value?.length ?? 0;
  }
  expect(await put).toBe(204);
});

it('[BY6] a viewer who leaves in the middle of a body stops the PUT with 499', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = orderBytes(env, agent.id, FILE, patient());
  const { id } = await socket.next('bytes');
  const { readable, writer } = slowPart(1_000_000);
  const put = agent.put(id, 0, readable, { total: 1_000_000 });
  void writer.write(bytes(1000, 1)).catch(() => {});
  const response = await answer;
  await response.body?.cancel();
  void writer.write(bytes(1000, 1)).catch(() => {});
  expect(await put).toBe(499);
  expect((await socket.next('cancel')).id).toBe(id);
});

it('[BY6] a viewer who leaves before the first byte cancels the work', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const viewer = new AbortController();
  const answer = orderBytes(env, agent.id, FILE, viewer.signal).catch(() => null);
  const { id } = await socket.next('bytes');
  viewer.abort();
  expect((await socket.next('cancel')).id).toBe(id);
  expect(await agent.put(id, 0, bytes(5, 1), { total: 5 })).toBe(410);
  await answer;
});

it('[SI3] a part out of turn, sent twice or sent beside another is answered with 409 and harms nothing', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = orderBytes(env, agent.id, FILE, patient());
  const { id } = await socket.next('bytes');
  expect(await agent.put(id, 1, bytes(5, 9), { total: 10 })).toBe(409);
  const { readable, writer } = slowPart(5);
  const put = agent.put(id, 0, readable, { total: 10 });
  const body = (await answer).arrayBuffer();
  expect(await agent.put(id, 0, bytes(5, 9), { total: 10 })).toBe(409);
  await writer.write(bytes(5, 1));
  await writer.close();
  expect(await put).toBe(204);
  expect(await agent.put(id, 0, bytes(5, 9), { total: 10 })).toBe(409);
  expect(await agent.put(id, 1, bytes(5, 2))).toBe(204);
  expect([...new Uint8Array(await body)]).toEqual([1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
});

it('[SI1] refuses ids that were forged, and [SI2] those that have expired or that nobody waits for', async () => {
  const agent = await FakeAgent.enrol();
  await agent.connect();
  const claims = { agentId: agent.id, session: SESSION, generation: 1, expiresAt: Date.now() + 60_000 };
  expect(await agent.put('Zm9yZ2Vk', 0, bytes(1, 1), { total: 1 })).toBe(403);
  const other = { HEARTHCAST_SECRET: 'another-secret-another-secret-another-secret' };
  expect(await agent.put(await makeStreamId(other, claims), 0, bytes(1, 1), { total: 1 })).toBe(403);
  const late = await makeStreamId(env, { ...claims, expiresAt: Date.now() - 1 });
  expect(await agent.put(late, 0, bytes(1, 1), { total: 1 })).toBe(410);
  expect(await agent.put(await makeStreamId(env, claims), 0, bytes(1, 1), { total: 1 })).toBe(410);
});

it('[BY9] one session cannot take more than its share, and others are not touched by its trying', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const order = { session: SESSION, generation: 1, resource: { kind: 'file' }, range: null } as const;
  const puts = [];
  const viewers = [];
  for (let i = 0; i < 12; i++) {
    const viewer = orderBytes(env, agent.id, order, patient());
    const { id } = await socket.next('bytes');
    const { readable, writer } = slowPart(10);
    puts.push(agent.put(id, 0, readable, { total: 10 }));
    viewers.push({ response: await viewer, writer });
  }
  const refused = await orderBytes(env, agent.id, order, patient());
  expect([refused.status, refused.headers.get('hc-failure')]).toEqual([429, 'capacity']);
  const another = orderBytes(env, agent.id, { ...order, session: 'ses_BBBBBBBBBBBBBBBBBBBBBB' }, patient());
  const { id } = await socket.next('bytes');
  socket.send({ type: 'inline', id, contentType: 'text/vtt', etag: null, range: null, body: btoa('x') });
  expect(await (await another).text()).toBe('x');
  for (const { response, writer } of viewers) {
    void writer.write(bytes(10, 1));
    expect((await response.arrayBuffer()).byteLength).toBe(10);
    await writer.close();
  }
  expect(await Promise.all(puts)).toEqual(puts.map(() => 204));
});

it('[BY9] a session at its limit gives up its own oldest request without an answer', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const order = { session: SESSION, generation: 1, resource: { kind: 'file' }, range: null } as const;
  const viewers = [];
  const asked = [];
  for (let i = 0; i < 13; i++) {
    viewers.push(orderBytes(env, agent.id, order, patient()));
    asked.push(await socket.next('bytes'));
  }
  expect((await viewers[0])?.status).toBe(429);
  expect((await socket.next('cancel')).id).toBe(asked[0]?.id);
  for (const { id } of asked.slice(1)) {
    socket.send({ type: 'inline', id, contentType: 'text/vtt', etag: null, range: null, body: btoa('x') });
  }
  for (const response of await Promise.all(viewers.slice(1))) expect(await response.text()).toBe('x');
});

it('[FA1] a refusal of the agent reaches the viewer with its class and code', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = orderBytes(env, agent.id, FILE, patient());
  const { id } = await socket.next('bytes');
  socket.send({ type: 'failure', id, class: 'content', code: 'content-broken', detail: 'The file ends early' });
  const response = await answer;
  expect(response.headers.get('hc-failure')).toBe('content');
  expect(await response.json()).toMatchObject({ status: 422, code: 'content-broken', detail: 'The file ends early' });
});

it('an agent that is away is a failure at once', async () => {
  const agent = await FakeAgent.enrol();
  const response = await orderBytes(env, agent.id, FILE, patient());
  expect([response.status, response.headers.get('hc-failure')]).toEqual([503, 'liveness']);
});

it('counts what it did, for the metrics', async () => {
  const agent = await FakeAgent.enrol();
  const socket = await agent.connect();
  const answer = orderBytes(env, agent.id, FILE, patient());
  const { id } = await socket.next('bytes');
  expect(await agent.stub.metrics()).toMatchObject({ socketsOpen: 1, streamsOpen: 1, streamsStarted: 1 });
  const put = agent.put(id, 0, bytes(1000, 1), { total: 1000 });
  await (await answer).arrayBuffer();
  await put;
  const viewer = new AbortController();
  const left = orderBytes(env, agent.id, FILE, viewer.signal).catch(() => null);
  await socket.next('bytes');
  viewer.abort();
  await left;
  await socket.next('cancel');
  const metrics = await agent.stub.metrics();
  expect(metrics).toMatchObject({ streamsOpen: 0, streamsStarted: 2, streamsCompleted: 1, bytesRelayed: 1000 });
  expect(metrics.aborts['viewer-left']).toBe(1);
  expect(metrics.firstByte.buckets.reduce((sum, { count }) => sum + count, 0)).toBe(1);
});

it('[AU1] turns away who shows no token', async () => {
  const response = await exports.default.fetch(`${ORIGIN}/agent/v1/connect`, { headers: { upgrade: 'websocket' } });
  expect(response.status).toBe(401);
});
