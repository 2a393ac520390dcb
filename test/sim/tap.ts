import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request of a player as it passed: what it asked for, and how much it was sent. */
export interface Passed {
  range: string | null;
  contentRange: string | null;
  bytes: number;
  cut: boolean;
}

/** Between a player and the edge: notes every request, and breaks one body off. */
export interface Tap extends AsyncDisposable {
  readonly passed: Passed[];
  address(url: string): string;
}

/** `cutAfter` bytes in all, counted over all requests, the connection that carries them is broken, once. */
export async function startTap(cutAfter: number): Promise<Tap> {
  const passed: Passed[] = [];
  let total = 0;
  let cut = false;
  let target = '';
  const server = createServer((incoming, outgoing) => {
    const asked = request(new URL(incoming.url ?? '/', target), { method: incoming.method, headers: incoming.headers });
    const entry: Passed = { range: incoming.headers.range ?? null, contentRange: null, bytes: 0, cut: false };
    passed.push(entry);
    outgoing.on('close', () => asked.destroy());
    asked.on('error', () => outgoing.destroy());
    asked.on('response', (answer) => {
      entry.contentRange = answer.headers['content-range'] ?? null;
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (piece: Buffer) => {
        entry.bytes += piece.length;
        total += piece.length;
        if (cut || total < cutAfter) return;
        cut = true;
        entry.cut = true;
        outgoing.destroy();
      });
      answer.on('error', () => outgoing.destroy());
      answer.pipe(outgoing);
    });
    incoming.pipe(asked);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    passed,
    address(url) {
      target = new URL(url).origin;
      const { pathname, search } = new URL(url);
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}${search}`;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
