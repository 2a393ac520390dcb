import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { AgentError, EXIT } from '../exit-codes.ts';
import type { ScanOptions } from '../library/scan-order.ts';
import { closed, localRoutes, type StatusSource, send } from './server.ts';

export interface ControlSource extends StatusSource {
  scan(root: string | null, options: ScanOptions): { started: boolean };
  /** Orders without any more to say, by their paths. */
  orders?: Readonly<Record<string, () => Promise<unknown>>>;
  drain(draining: boolean): { sessions: number };
}

const ScanOrder = z.object({
  root: z.string().max(100).nullable().default(null),
  acceptDeletions: z.boolean().default(false),
  full: z.boolean().default(false),
});

const DrainOrder = z.object({ draining: z.boolean() });

/** The system's limit on a socket's path is 104 bytes on the strictest. */
const MAX_SOCKET_PATH = 100;
const MAX_ORDER_BYTES = 4096;
const ASK_TIMEOUT_MS = 5000;

/** Where the running agent of a data folder is spoken to: by the user who runs it, and by nobody over a network. */
function controlPath(dataDir: string): string {
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\hearthcast-agent-${hash}`;
  const inside = join(dataDir, 'agent.sock');
  return inside.length <= MAX_SOCKET_PATH ? inside : join(tmpdir(), `hearthcast-agent-${hash}.sock`);
}

/**
 * Opens the control socket of a data folder, which is also the mark that an agent runs on it: rejects with an
 * AgentError while another one answers there.
 */
export async function openControl(dataDir: string, source: ControlSource): Promise<AsyncDisposable> {
  const path = controlPath(dataDir);
  if (await askAgent(dataDir, 'GET', '/health')) {
    throw new AgentError(
      `An agent is already running on ${dataDir}: stop it first, or choose another folder with --data.`,
      EXIT.replaced,
    );
  }
  // Left behind by a process that was killed.
  if (process.platform !== 'win32') rmSync(path, { force: true });
  const open = localRoutes(source);
  const server = createServer((incoming, response) => {
    if (incoming.method === 'GET' && incoming.url === '/status') {
      return send(response, 200, 'application/json', JSON.stringify(source.status()));
    }
    if (incoming.method === 'POST' && incoming.url === '/scan') {
      return void take(incoming, response, ScanOrder, (order) => source.scan(order.root, order));
    }
    if (incoming.method === 'POST' && incoming.url === '/drain') {
      return void take(incoming, response, DrainOrder, ({ draining }) => source.drain(draining));
    }
    const order = incoming.method === 'POST' ? source.orders?.[incoming.url ?? ''] : undefined;
    if (order) return void obey(order, response);
    return open(incoming, response);
  });
  server.listen(path);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new AgentError(
      `The control socket ${path} cannot be made (${(cause as NodeJS.ErrnoException).code}).`,
      EXIT.failed,
      { cause },
    );
  }
  return { [Symbol.asyncDispose]: () => closed(server) };
}

async function take<T>(
  incoming: IncomingMessage,
  response: ServerResponse,
  schema: z.ZodType<T>,
  act: (order: T) => unknown,
): Promise<void> {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > MAX_ORDER_BYTES) return send(response, 413, 'text/plain', 'Too large.\n');
  }
  let order: T;
  try {
    order = schema.parse(JSON.parse(text));
  } catch {
    return send(response, 400, 'text/plain', 'Not an order.\n');
  }
  send(response, 200, 'application/json', JSON.stringify(act(order)));
}

async function obey(order: () => Promise<unknown>, response: ServerResponse): Promise<void> {
  try {
    send(response, 200, 'application/json', JSON.stringify(await order()));
  } catch (error) {
    // What the owner got wrong is told to the owner; 200 is what the other end reads.
    send(response, 200, 'application/json', JSON.stringify({ error: (error as Error).message }));
  }
}

/** Asks the running agent of a data folder; null where none runs. */
export async function askAgent(
  dataDir: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<unknown> {
  return await new Promise((resolve) => {
    const asked = request({ socketPath: controlPath(dataDir), method, path, timeout: ASK_TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve(response.statusCode === 200 ? JSON.parse(text) : null));
      response.on('error', () => resolve(null));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(null));
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
