import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { AgentError } from '../exit-codes.ts';
import { metricsText } from './metrics.ts';
import type { AgentStatus } from './status.ts';

export interface StatusSource {
  status(): AgentStatus;
  log: Logger;
}

/** `GET /health` and `GET /metrics` on this machine only. Rejects with an AgentError when the port is taken. */
export async function openHttp(port: number, source: StatusSource): Promise<AsyncDisposable> {
  const server = createServer(localRoutes(source));
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    const sentence = `Port ${port} cannot be used (${(cause as NodeJS.ErrnoException).code}): choose another with --port.`;
    throw new AgentError(sentence, undefined, { cause });
  }
  return { [Symbol.asyncDispose]: () => closed(server) };
}

/** The routes that everybody on this machine may read. */
export function localRoutes({ status }: StatusSource): RequestListener {
  return (request, response) => {
    if (request.method !== 'GET') return send(response, 405, 'text/plain', 'Only GET is answered here.\n');
    switch (request.url) {
      case '/health':
        return send(response, 200, 'application/json', JSON.stringify({ ok: true, connected: status().connected }));
      case '/metrics':
        return send(response, 200, 'text/plain; version=0.0.4', metricsText(status()));
      default:
        return send(response, 404, 'text/plain', 'There are /health and /metrics.\n');
    }
  };
}

export function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
}

export async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
