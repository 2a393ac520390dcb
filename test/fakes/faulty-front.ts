import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex, Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is wrong with something that stands before the edge. */
export interface Fault {
  /** Requests' bodies go on only when they are whole. */
  buffersBodies?: boolean;
  /** A PUT that moves nothing for so long is cut. */
  cutsIdlePutsMs?: number;
  /** It reads answers to their end, whoever has left. */
  hidesLeaving?: boolean;
  /** Of each body, in either direction. */
  bytesPerSecond?: number;
  /** Of films; one more is refused, as by a rule that limits rates. */
  mostAtOnce?: number;
  /** WebSockets are closed after so long. */
  closesSocketsMs?: number;
}

/** A server before the edge, as a proxy, a firewall or a zone's rules can be, with one fault. */
export interface FaultyFront extends AsyncDisposable {
  readonly origin: string;
}

export async function faultyFront(target: string, fault: Fault = {}): Promise<FaultyFront> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Duplex>();
  let films = 0;
  const server = createServer((incoming, outgoing) => {
    const { url: path, method, headers } = incoming;
    if (fault.mostAtOnce && path?.startsWith('/stream/')) {
      outgoing.on('close', () => films--);
      if (++films > fault.mostAtOnce) {
        outgoing.writeHead(429).end('error code: 1015');
        return;
      }
    }
    const asked = request({ hostname, port, path, method, headers, agent: false });
    const { cutsIdlePutsMs: idleMs } = fault;
    if (idleMs && method === 'PUT') incoming.setTimeout(idleMs, () => incoming.destroy());
    incoming.on('close', () => incoming.complete || asked.destroy());
    asked.on('error', () => outgoing.destroy());
    asked.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', () => outgoing.destroy());
      void pass(answer, outgoing, fault);
    });
    outgoing.on('close', () => {
      if (outgoing.writableFinished) return;
      if (!fault.hidesLeaving || method !== 'GET') asked.destroy();
    });
    void passBody(incoming, asked, fault);
  });
  server.on('upgrade', (incoming: IncomingMessage, near: Socket, head: Buffer) => {
    const far = connect(Number(port), hostname);
    const lines = incoming.rawHeaders.flatMap((name, i, all) => (i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : []));
    far.write([`GET ${incoming.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    far.write(head);
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.pipe(to);
    }
    if (fault.closesSocketsMs) setTimeout(() => near.destroy(), fault.closesSocketsMs).unref();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function passBody(from: Readable, to: Writable, fault: Fault): Promise<void> {
  if (!fault.buffersBodies) return pass(from, to, fault);
  const pieces: Buffer[] = [];
  try {
    for await (const piece of from) pieces.push(piece as Buffer);
    to.end(Buffer.concat(pieces));
  } catch {
    to.destroy();
  }
}

/** Ends where either end does; a reader who is gone is passed over where the fault says so. */
async function pass(from: Readable, to: Writable, { bytesPerSecond, hidesLeaving }: Fault): Promise<void> {
  const gone = new AbortController();
  to.once('close', () => gone.abort());
  try {
    for await (const piece of from as AsyncIterable<Buffer>) {
      if (to.destroyed && hidesLeaving) continue;
      if (to.destroyed) return;
      if (!to.write(piece)) await once(to, 'drain', { signal: gone.signal }).catch(() => {});
      if (bytesPerSecond) await sleep((piece.length / bytesPerSecond) * 1000);
    }
    to.end();
  } catch {
    to.destroy();
  }
}
