import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { basename, join } from 'node:path';

/** A server in front of an edge that offers another release of the agent than the edge was built with. */
export interface ReleaseProxy extends AsyncDisposable {
  url: string;
  /** Serves the release of this folder below /install/; null is the edge's own. */
  offer(folder: string | null): void;
}

/** Listens on an address of this machine; without one, for this machine alone. */
export async function openReleaseProxy(edge: string, host = '127.0.0.1'): Promise<ReleaseProxy> {
  const target = new URL(edge);
  let offered: string | null = null;
  const server = createServer((incoming, outgoing) => {
    const file = offered && incoming.url?.startsWith('/install/') ? join(offered, basename(incoming.url)) : null;
    if (file) {
      if (existsSync(file)) outgoing.end(readFileSync(file));
      else outgoing.writeHead(404).end();
      return;
    }
    const { method, headers, url } = incoming;
    const asked = request({ host: target.hostname, port: target.port, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    asked.on('error', () => outgoing.destroy());
    incoming.pipe(asked);
  });
  server.on('upgrade', (incoming, socket, head) => {
    const upstream = connect(Number(target.port), target.hostname, () => {
      const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
      for (let i = 0; i < incoming.rawHeaders.length; i += 2)
        lines.push(`${incoming.rawHeaders[i]}: ${incoming.rawHeaders[i + 1]}`);
      upstream.write(`${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    offer(folder) {
      offered = folder;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
