import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { measureUplink } from './uplink-test.ts';

let server: Server;

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** An edge that takes each body in by `take`, which gives the answer's status and the bytes to be named in it. */
async function edge(take: (length: number) => Promise<{ status: number; bytes: number }>): Promise<string> {
  server = createServer(async (request, response) => {
    request.resume();
    const { status, bytes } = await take(Number(request.headers['content-length']));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ bytes }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ask = (origin: string, signal = new AbortController().signal) =>
  measureUplink({ edge: origin, token: 'token', signal });

it('[UP4] finds the rate of a slow line, and stops with the first upload that took a second', async () => {
  const lengths: number[] = [];
  const origin = await edge(async (bytes) => {
    lengths.push(bytes);
    await delay(bytes / 200);
    return { status: 200, bytes };
  });
  const rate = await ask(origin);
  expect(rate).toBeGreaterThan(100_000);
  expect(rate).toBeLessThanOrEqual(200_000);
  expect(lengths).toEqual([65_536, 262_144]);
});

it('[UP4] sends no more than its largest upload over a fast line', async () => {
  const lengths: number[] = [];
  const origin = await edge(async (bytes) => {
    lengths.push(bytes);
    return { status: 200, bytes };
  });
  expect(await ask(origin)).toBeGreaterThan(1_000_000);
  expect(lengths.reduce((a, b) => a + b, 0)).toBeLessThan(23_000_000);
});

it('[UP4] knows nothing of a line that lets not even the smallest upload through in time', async () => {
  const origin = await edge(() => new Promise(() => {}));
  expect(await ask(origin)).toBeNull();
});

it.each([
  { status: 404, bytes: 65_536 },
  { status: 200, bytes: 7 },
])('refuses to conclude anything from an answer of $status with $bytes bytes', async (answer) => {
  const origin = await edge(async () => answer);
  await expect(ask(origin)).rejects.toThrow();
});

it('ends with its signal', async () => {
  const origin = await edge(() => new Promise(() => {}));
  await expect(ask(origin, AbortSignal.timeout(50))).rejects.toThrow();
});
