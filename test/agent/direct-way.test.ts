import { createHmac, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { DirectDoor } from '../../agent/direct/direct-door.ts';
import { DirectWay } from '../../agent/direct/direct-way.ts';
import { type DirectRoute, openListener } from '../../agent/direct/listener.ts';
import { type StreamDeps, streamRoute } from '../../agent/direct/stream-route.ts';
import { AgentFailure, type ByteRequest } from '../../agent/link/handlers.ts';
import {
  DIRECT_TAG_BYTES,
  DIRECT_WITHOUT_EDGE_MS,
  DirectIdentity,
  type DirectTicket,
  directPayload,
  identityStatement,
  MAX_DIRECT_OF_SESSION,
} from '../../shared/protocol/direct.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';

const KEY = 'k'.repeat(43);
const AGENT = `agt_${'a'.repeat(22)}`;
const OTHER = `agt_${'b'.repeat(22)}`;
const SESSION = `ses_${'s'.repeat(22)}`;
const ORIGIN = 'https://films.example';
const NONCE = 'n'.repeat(43);
const SIZE = 3_000_000;
/** On a machine that does other things beside. */
const WAIT = { timeout: 30_000 };

const folder = mkdtempSync(join(tmpdir(), 'hearthcast-direct-'));
const film = join(folder, 'film.mp4');
const bytes = randomBytes(SIZE);
writeFileSync(film, bytes);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const identity = { agentId: AGENT, privateKey: privateKey.export({ format: 'jwk' }) as never };

/** As the edge makes them, by the known answer of `direct-tickets.test.ts`. */
function pathOf(change: Partial<DirectTicket> = {}, key = KEY): string {
  const expiresAt = Date.now() + 60_000;
  const ticket = {
    purpose: 'media',
    agent: AGENT,
    session: SESSION,
    generation: 2,
    origin: ORIGIN,
    expiresAt,
  } as const;
  return `/direct/v1/${sealed({ ...ticket, ...change }, key)}`;
}

/** An agent with one session open, of which every resource is the same film. */
async function stage(options: { linked?: boolean } = {}) {
  const life = new AbortController();
  const events: AgentEvent[] = [];
  const asked: ByteRequest[] = [];
  const admitted: number[] = [];
  const used = vi.fn();
  const held = { now: false };
  const playback = {
    lifeOf: (id: string, generation: number) =>
      id === SESSION && generation === 2 && !life.signal.aborted ? life.signal : null,
    used,
    async bytes(request: ByteRequest, signal: AbortSignal) {
      asked.push(request);
      if (held.now) await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      if (request.resource.kind === 'subtitle') throw new AgentFailure('content', 'not-found', 'There is none.');
      const body = { path: film, start: 0, end: SIZE, size: SIZE };
      return { contentType: request.resource.kind === 'file' ? 'text/html' : 'video/mp4', etag: '"e"', body };
    },
  };
  const way = await DirectWay.open(
    { host: '127.0.0.1', port: 0, addresses: [], certificate: null },
    {
      ...{ identity, playback, routes: new Map(), log: pino({ level: 'silent' }), reportMs: 20 },
      flow: () => ({ admit: async (size) => void admitted.push(size), onMoved: () => {} }),
      onEvent: (event) => events.push(event),
    },
  );
  if (options.linked !== false) way.linked({ now: Date.now(), directKey: KEY });
  const origin = `http://127.0.0.1:${way.port}`;
  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${origin}${path}`, { headers, method });
  return {
    ...{ way, origin, get, asked, events, admitted, used, held },
    end: () => life.abort(new AgentFailure('session', 'session-ended', 'It has ended.')),
    [Symbol.asyncDispose]: () => way[Symbol.asyncDispose](),
  };
}

describe('the door of a running agent', () => {
  const at = (port: number, certificate: { certificate: string; key: string } | null = null) => ({
    ...{ host: '127.0.0.1', addresses: [], port, certificate },
  });
  const deps = {
    ...{ identity, routes: new Map<string, DirectRoute>(), log: pino({ level: 'silent' }), onEvent: () => {} },
    playback: { lifeOf: () => null, used: () => {}, bytes: () => Promise.reject(new Error('nothing')) },
    flow: () => ({ admit: () => Promise.resolve(), onMoved: () => {} }),
  };
  const opens = async (port: number) => (await fetch(`http://127.0.0.1:${port}/`).catch(() => null)) !== null;
  const freePort = async () => {
    const taken = await openListener({ ...at(0), routes: new Map(), log: deps.log });
    await taken[Symbol.asyncDispose]();
    return taken.port;
  };

  it('is opened, moved and shut as its owner says, and stays as it was where that cannot be', async () => {
    const [one, two] = [await freePort(), await freePort()];
    await using door = await DirectDoor.open(at(0), deps);
    expect(door.way).toBeNull();
    await door.change(at(one));
    expect([door.way?.port, await opens(one)]).toEqual([one, true]);
    await Promise.all([door.change(at(two)), door.change(at(two))]);
    expect([await opens(one), await opens(two)]).toEqual([false, true]);

    await using taken = await openListener({ ...at(0), routes: new Map(), log: deps.log });
    await expect(door.change(at(taken.port))).rejects.toThrow('choose another direct.port');
    await expect(door.change(at(one, { certificate: '/none.pem', key: '/none.key' }))).rejects.toThrow(
      'cannot be read',
    );
    expect([door.way?.port, await opens(two)]).toEqual([two, true]);
    await door.change(at(0));
    expect([door.way, await opens(two)]).toEqual([null, false]);
  });
});

describe('an agent’s own address', () => {
  it('[DW1] serves the session of its ticket, by the very names and from the very code of the edge’s way', async () => {
    await using at = await stage();
    const path = pathOf();
    const segment = await at.get(`${path}/v720/12.m4s`);
    expect([segment.status, segment.headers.get('content-type')]).toEqual([200, 'video/mp4']);
    expect(Buffer.from(await segment.arrayBuffer()).equals(bytes)).toBe(true);
    const resource = { kind: 'segment', rendition: 'v720', k: 12 };
    expect(at.asked).toEqual([{ session: SESSION, generation: 2, resource, range: null }]);
    const part = await at.get(`${path}/file`, { range: 'bytes=10-19' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 10-19/${SIZE}`]);
    expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(10, 20))).toBe(true);
    const beyond = await at.get(`${path}/file`, { range: `bytes=${SIZE}-` });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${SIZE}`]);
    const head = await at.get(`${path}/file`, {}, 'HEAD');
    expect(head.headers.get('content-length')).toBe(String(SIZE));
    expect((await at.get(`${path}/subtitles/3.vtt`)).status).toBe(404);
  });

  it('[DW1] calls nothing from a disk a page, and lets nothing of it run', async () => {
    await using at = await stage();
    const answer = await at.get(`${pathOf()}/file`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cache-control': 'no-store',
    });
    await answer.arrayBuffer();
  });

  it.each([
    ['a ticket that was changed', () => pathOf().replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['a ticket of another agent', () => pathOf({ agent: OTHER })],
    ['a ticket that has expired', () => pathOf({ expiresAt: Date.now() - 1_000 })],
    ['no ticket', () => '/direct/v1'],
    ['another deployment’s ticket', () => pathOf({}, 'z'.repeat(43))],
  ])('[DW2] refuses %s with nothing but a status', async (_, path) => {
    await using at = await stage();
    const answer = await at.get(`${path()}/v720/1.m4s`, { origin: ORIGIN });
    expect([answer.status, await answer.text()]).toEqual([403, '']);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(at.asked).toEqual([]);
  });

  it.each([
    ['another session', { session: `ses_${'t'.repeat(22)}` }],
    ['an older generation', { generation: 1 }],
    ['a newer generation', { generation: 3 }],
  ])('[DW3] has ended for a good ticket of %s', async (_, change) => {
    await using at = await stage();
    expect((await at.get(`${pathOf(change)}/v720/1.m4s`)).status).toBe(410);
    expect(at.asked).toEqual([]);
  });

  it('[DW3] serves an ended session no more, and breaks off what was under way', async () => {
    await using at = await stage();
    const path = pathOf();
    const socket = connect(at.way.port, '127.0.0.1');
    socket.write(`GET ${path}/file HTTP/1.1\r\nhost: x\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    at.end();
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.resume().on('error', () => {});
    await closed;
    expect((await at.get(`${path}/v720/1.m4s`)).status).toBe(410);
  });

  it('[DW4] proves by its enrolment key who it is, to those whom the edge has sent', async () => {
    await using at = await stage();
    const path = pathOf({ purpose: 'probe' });
    const answer = await at.get(`${path}/identity?nonce=${NONCE}`, { origin: ORIGIN });
    const { signature } = DirectIdentity.parse(await answer.json());
    const statement = Buffer.from(identityStatement({ agentId: AGENT, nonce: NONCE, origin: ORIGIN }));
    expect(verify(null, statement, publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
    expect((await at.get(`${path}/identity?nonce=short`)).status).toBe(400);
    // What a stranger at a wrong address has seen of the probe opens nothing.
    expect((await at.get(`${path}/file`)).status).toBe(404);
  });

  it('[DW5] is read by scripts of the ticket’s own page only, also after the browser’s question', async () => {
    await using at = await stage();
    const path = `${pathOf()}/v720/1.m4s`;
    const question = await at.get(
      path,
      { origin: ORIGIN, 'access-control-request-private-network': 'true' },
      'OPTIONS',
    );
    expect([question.status, Object.fromEntries(question.headers)]).toEqual([
      204,
      expect.objectContaining({
        'access-control-allow-origin': ORIGIN,
        'access-control-allow-private-network': 'true',
        'access-control-allow-headers': expect.stringContaining('range'),
        vary: 'origin',
      }),
    ]);
    for (const method of ['OPTIONS', 'GET']) {
      const wrong = await at.get(path, { origin: 'https://evil.example' }, method);
      expect([wrong.status, wrong.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
    expect((await at.get(path, {}, 'POST')).status).toBe(405);
    expect(at.asked).toEqual([]);
  });

  it.each(['', '/', '/health', '/metrics', '/direct/v1/', '/direct/v1/../../etc/passwd', '/stream/x/file'])(
    '[DW1] has nothing at “%s”',
    async (path) => {
      await using at = await stage();
      const answer = await at.get(path);
      expect([403, 404]).toContain(answer.status);
      expect(await answer.text()).toBe('');
    },
  );

  it('[DW6] gives one session no more than its share of requests at once', async () => {
    await using at = await stage();
    const path = `${pathOf()}/file`;
    const leave = new AbortController();
    at.held.now = true;
    const waiting = Array.from({ length: MAX_DIRECT_OF_SESSION }, () =>
      fetch(`${at.origin}${path}`, { signal: leave.signal }).catch(() => {}),
    );
    await vi.waitFor(() => expect(at.asked).toHaveLength(MAX_DIRECT_OF_SESSION), WAIT);
    expect((await at.get(path)).status).toBe(429);
    leave.abort();
    await Promise.all(waiting);
    at.held.now = false;
    await vi.waitFor(async () => {
      const answer = await at.get(path);
      await answer.arrayBuffer();
      expect(answer.status).toBe(200);
    }, WAIT);
  });

  it('[DW7] is shut before the edge has given a key, and when it has taken it back', async () => {
    await using never = await stage({ linked: false });
    expect((await never.get(`${pathOf()}/file`)).status).toBe(403);
    await using at = await stage();
    const path = `${pathOf()}/file`;
    await (await at.get(path)).arrayBuffer();
    at.way.allow(null);
    expect((await at.get(path)).status).toBe(403);
  });

  it('[DW8] serves nobody once it has been cut off from the edge for too long', async () => {
    await using at = await stage();
    const path = `${pathOf({ expiresAt: Date.now() + 10 * 60_000 })}/file`;
    at.way.unlinked();
    await (await at.get(path)).arrayBuffer();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + DIRECT_WITHOUT_EDGE_MS + 1);
    expect((await at.get(path)).status).toBe(503);
    clock.mockRestore();
  });

  it('[DW9] renews the lease and tells the edge what went past it; what stays at home takes none of the line', async () => {
    await using at = await stage();
    await (await at.get(`${pathOf()}/v720/1.m4s`)).arrayBuffer();
    const told = () => at.events.flatMap((event) => (event.kind === 'direct.served' ? event.sessions : []));
    const total = () => told().reduce((sum, one) => sum + one.bytes, 0);
    await vi.waitFor(() => expect(total()).toBe(SIZE), WAIT);
    expect(told()[0]).toMatchObject({ session: SESSION, generation: 2, address: at.origin });
    expect(at.used).toHaveBeenCalledWith(SESSION);
    expect(at.admitted).toEqual([]);
  });
});

it('[DW6] ends a body that nobody takes', async () => {
  const ended = new AbortController();
  const deps: StreamDeps = {
    ticketOf: () => ({ purpose: 'media', session: SESSION, generation: 2, origin: ORIGIN }) as DirectTicket,
    granted: () => ended.signal,
    mayServe: () => true,
    prove: () => '',
    playback: {
      lifeOf: () => ended.signal,
      used: () => {},
      bytes: async () => {
        const body = { path: film, start: 0, end: SIZE, size: SIZE };
        return { contentType: 'video/mp4', etag: null, body };
      },
    },
    flow: () => ({ admit: () => new Promise(() => {}), onMoved: () => {} }),
    counter: () => () => {},
    stalledMs: 30,
  };
  const routes = new Map<string, DirectRoute>([['/direct/v1/', streamRoute(deps)]]);
  const log = pino({ level: 'silent' });
  await using listener = await openListener({ host: '127.0.0.1', port: 0, certificate: null, routes, log });
  const whole = fetch(`http://127.0.0.1:${listener.port}/direct/v1/x/file`).then((answer) => answer.arrayBuffer());
  await expect(whole).rejects.toThrow();
});

function sealed(ticket: DirectTicket, key: string): string {
  const payload = Buffer.from(directPayload(ticket));
  const tag = createHmac('sha256', Buffer.from(key, 'base64url')).update(payload).digest();
  return Buffer.concat([payload, tag.subarray(0, DIRECT_TAG_BYTES)]).toString('base64url');
}
