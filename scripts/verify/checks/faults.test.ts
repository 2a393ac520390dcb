import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AGENT_VERSION } from '../../../agent/link/version.ts';
import { MIB } from '../check.ts';
import { patternAt } from '../pattern.ts';
import type { Stage } from '../stage.ts';
import { manyRequests } from './limits.ts';
import { paused } from './paused.ts';
import { reachable } from './reachable.ts';
import { largestPart, latency } from './speed.ts';

const { signal } = new AbortController();
const servers: Server[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(answer: (incoming: IncomingMessage, outgoing: ServerResponse) => void): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The film as something on its way makes it: `change` gets each MiB and where it lies; null breaks it off there. */
const film = (change: (bytes: Buffer, at: number) => Buffer | null) =>
  serve(async (incoming, outgoing) => {
    const [, start = 0, last = 0] = (/bytes=(\d+)-(\d+)/.exec(incoming.headers.range ?? '') ?? []).map(Number);
    outgoing.writeHead(206, { 'content-length': last + 1 - start });
    for (let at = start; at <= last; at += MIB) {
      const bytes = change(patternAt(at, Math.min(MIB, last + 1 - at)), at);
      if (bytes === null || outgoing.destroyed) return void outgoing.destroy();
      if (!outgoing.write(bytes)) await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
    }
    outgoing.end();
  });

const stageAt = (url: string): Stage => ({
  ...{ url, signal, agent: null as never },
  times: { pauseMs: 1, readOnMs: 30_000, leavingMs: 1, throughputMs: 1, heartbeat: { pingMs: 1, pongMs: 1 } },
});

describe('what stands before the edge', () => {
  it('and answers ranges by itself, wrongly, is told by the bytes after a pause', async () => {
    const url = await film((bytes, at) => (at < 4 * MIB ? bytes : patternAt(at + MIB, bytes.length)));
    expect(await paused(stageAt(url))).toMatchObject({ result: 'failed', advice: expect.stringContaining('a cache') });
  });

  it.each([
    ['cuts large bodies', () => film((bytes, at) => (at < 2 * MIB ? bytes : null))],
    ['refuses them', () => serve((_, outgoing) => outgoing.writeHead(413).end())],
  ])('and %s is told by the largest part', async (_, start) => {
    const check = await largestPart(stageAt(await start()));
    expect(check).toMatchObject({ result: 'failed', advice: expect.stringContaining('client_max_body_size') });
  });

  it.each([
    [429, 'error code: 1015', 'failed', 'rate limiting rule'],
    [503, 'error code: 1027', 'failed', 'requests of the day'],
    [503, 'error code: 1102', 'failed', 'processor time'],
    [403, '<title>Just a moment...</title>', 'failed', 'bot challenge'],
    [502, 'bad gateway', 'warning', 'wrangler tail'],
  ] as const)('and refuses many requests with %i %s is told with what to do', async (status, words, result, advice) => {
    let asked = 0;
    const url = await serve((_, outgoing) => {
      if (asked++ % 7 === 0) return void outgoing.writeHead(status).end(words);
      outgoing.writeHead(206, { 'content-length': 0 }).end();
    });
    expect(await manyRequests(stageAt(url))).toMatchObject({ result, advice: expect.stringContaining(advice) });
  });

  it('and is far away is told by small answers', async () => {
    const url = await film((bytes) => bytes);
    expect(await latency(stageAt(url))).toMatchObject({ result: 'ok' });
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 2_000;
      return now;
    });
    expect(await latency(stageAt(url))).toMatchObject({ result: 'warning', advice: expect.stringContaining('VPN') });
  });
});

describe('an edge', () => {
  const edge = (version: string, ready: number) =>
    serve(({ url }, outgoing) => {
      const info = { name: 'x', version, now: 0, setupRequired: false, doorMessage: '', devicePairing: true };
      if (url === '/health/ready') outgoing.writeHead(ready).end();
      else outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(info));
    });

  it.each([
    ['whose database does not answer', AGENT_VERSION, 503, 'failed', 'makes what is missing'],
    ['of another version', '0.0.1', 200, 'warning', 'the checkout that was deployed'],
  ] as const)('%s is told as such', async (_, version, ready, result, advice) => {
    const [check] = await reachable(await edge(version, ready), () => 0, signal);
    expect(check).toMatchObject({ result, advice: expect.stringContaining(advice) });
  });
});
