import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Body, openBody } from './body.ts';
import { Connections, sendBytes } from './put.ts';
import { READ_BYTES, ReadBuffers } from './read-buffers.ts';

const SIZE = 20_000_000;
const film = Buffer.alloc(SIZE);
let dir: string;
let server: Server;
let connections: Connections;
let handle: (request: IncomingMessage, response: ServerResponse) => void;
const stop = () => new AbortController();

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'hearthcast-put-'));
  for (let i = 0; i < SIZE; i += 4) film.writeUInt32LE(i, i);
  writeFileSync(join(dir, 'film'), film);
  server = createServer((request, response) => handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  connections = new Connections('http://127.0.0.1', 4);
});
afterEach(() => {
  connections[Symbol.dispose]();
  server.closeAllConnections();
  server.close();
  rmSync(dir, { recursive: true });
});

/** A film's body that counts what was read of it; `size` is what the agent takes its file to have. */
async function open(size = SIZE): Promise<Body & { readBytes: number }> {
  const slice = { path: join(dir, 'film'), start: 0, end: size, size };
  const body = await openBody({ contentType: 'video/mp4', etag: null, body: slice });
  const counting = {
    length: body.length,
    readBytes: 0,
    async read(at: number, most: number, buffer: Buffer) {
      const bytes = await body.read(at, most, buffer);
      counting.readBytes += bytes.length;
      return bytes;
    },
    [Symbol.asyncDispose]: () => body[Symbol.asyncDispose](),
  };
  return counting;
}

function send(body: Body, start: number, end: number, signal = stop().signal): Promise<number> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const request = connections.put(url, { 'content-length': String(end - start) }, signal);
  return sendBytes(request, { body, buffers: new ReadBuffers(), admit: async () => {}, onMoved: () => {} }, start, end);
}

async function received(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

it('sends a slice byte for byte, and keeps the connection for the next one', async () => {
  const bodies: Buffer[] = [];
  const sockets = new Set<Socket>();
  handle = async (request, response) => {
    sockets.add(request.socket);
    bodies.push(await received(request));
    response.writeHead(204).end();
  };
  await using body = await open();
  expect(await send(body, 1_000, 9_000_001)).toBe(204);
  expect(await send(body, 9_000_001, SIZE)).toBe(204);
  expect(bodies.map((bytes) => bytes.length)).toEqual([8_999_001, SIZE - 9_000_001]);
  expect(Buffer.concat(bodies).equals(film.subarray(1_000))).toBe(true);
  expect(sockets.size).toBe(1);
});

it('[BY6] stops where the edge answers before the end, and reads no further', async () => {
  handle = (_request, response) => response.writeHead(499).end();
  await using body = await open();
  expect(await send(body, 0, SIZE)).toBe(499);
  const read = body.readBytes;
  await delay(50);
  // What was being read ahead still comes in, and nothing after it.
  expect(body.readBytes - read).toBeLessThanOrEqual(READ_BYTES);
  expect(read).toBeLessThan(SIZE / 2);
});

it('holds two reads at most for a viewer who takes nothing, and goes on when he does', async () => {
  let taking = (): void => {};
  const paused = new Promise<void>((resolve) => {
    taking = resolve;
  });
  let bytes = 0;
  handle = async (request, response) => {
    await paused;
    bytes = (await received(request)).length;
    response.writeHead(204).end();
  };
  await using body = await open();
  let moved = 0;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const request = connections.put(url, { 'content-length': String(SIZE) }, stop().signal);
  const onMoved = (sent: number) => {
    moved += sent;
  };
  const sent = sendBytes(request, { body, buffers: new ReadBuffers(), admit: async () => {}, onMoved }, 0, SIZE);
  await expect.poll(() => body.readBytes).toBeGreaterThan(0);
  await delay(300);
  expect(body.readBytes - moved).toBeLessThanOrEqual(2 * READ_BYTES);
  expect(body.readBytes).toBeLessThan(SIZE);
  taking();
  expect([await sent, bytes]).toEqual([204, SIZE]);
});

it('[BY4] breaks the request off where the file has become shorter', async () => {
  const ended = new Promise<string>((resolve) => {
    handle = (request) => {
      request
        .resume()
        .on('error', () => resolve('broken'))
        .on('end', () => resolve('whole'));
    };
  });
  await using body = await open(SIZE + 1_000);
  await expect(send(body, 0, SIZE + 1_000)).rejects.toThrow('shorter');
  expect(await ended).toBe('broken');
});

it('ends with its signal, and closes the connection under it', async () => {
  const stopping = stop();
  const ended = new Promise<string>((resolve) => {
    handle = (request) => {
      request.resume().on('error', () => resolve('broken'));
      stopping.abort();
    };
  });
  await using body = await open();
  await expect(send(body, 0, SIZE, stopping.signal)).rejects.toThrow('abort');
  expect(await ended).toBe('broken');
});
