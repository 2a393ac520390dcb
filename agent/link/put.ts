import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { Writable } from 'node:stream';
import type { Body } from './body.ts';
import type { ReadBuffers } from './read-buffers.ts';

/** Below the five seconds after which workerd closes an idle connection: none is used as the edge gives it up. */
const IDLE_CONNECTION_MS = 4_000;

/** Connections to the edge that carry bodies, kept for the next one. There is no limit on how long a body takes. */
export class Connections implements Disposable {
  readonly #agent: HttpAgent;
  readonly #request: typeof requestHttp;

  constructor(edge: string, most: number) {
    const options = { keepAlive: true, maxSockets: most, timeout: IDLE_CONNECTION_MS };
    const secure = edge.startsWith('https:');
    this.#agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
    this.#request = secure ? requestHttps : requestHttp;
  }

  put(url: string, headers: Record<string, string>, signal: AbortSignal): ClientRequest {
    return this.#request(url, { method: 'PUT', headers, agent: this.#agent, signal });
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
  }
}

export interface Flow {
  body: Body;
  buffers: ReadBuffers;
  /** Waits until this many bytes may leave. */
  admit: (bytes: number) => Promise<void>;
  /** The connection has taken bytes over, in so many milliseconds. */
  onMoved: (bytes: number, tookMs: number) => void;
}

/**
 * Sends bytes `[start, end)` of a body as a request's own and returns the answer's status, which may come before
 * the last byte has left. Rejects where the connection or the file fails, and when the request is aborted.
 */
export async function sendBytes(request: ClientRequest, flow: Flow, start: number, end: number): Promise<number> {
  const answered = new Promise<number>((resolve, reject) => {
    request.on('error', reject);
    request.once('response', (response: IncomingMessage) => {
      response.on('error', () => {}).resume();
      resolve(response.statusCode ?? 0);
    });
  });
  const sent = writeBytes(request, flow, start, end).catch((error: Error) => {
    request.destroy(error);
  });
  try {
    const status = await answered;
    // All bytes have arrived: that the last write is done too is about to be heard.
    if (status === 204) await sent;
    return status;
  } finally {
    // An answer before the end of the body refuses the rest, and nothing else may follow on that connection.
    if (!request.writableFinished) request.destroy();
    await sent;
  }
}

/** Writes bytes `[start, end)` of a body and ends the stream. Rejects where the file or the connection fails. */
export async function writeBytes(stream: Writable, flow: Flow, start: number, end: number): Promise<void> {
  const { body, buffers, admit, onMoved } = flow;
  const read = async (at: number) => {
    const buffer = buffers.take();
    return { buffer, bytes: await body.read(at, end - at, buffer) };
  };
  let next: ReturnType<typeof read> | null = read(start);
  for (let at = start; next; ) {
    const { buffer, bytes } = await next;
    at += bytes.length;
    // One piece is read ahead while the one before it leaves.
    next = at < end ? read(at) : null;
    next?.catch(() => {});
    await admit(bytes.length);
    const startedAt = performance.now();
    await taken(stream, bytes);
    onMoved(bytes.length, performance.now() - startedAt);
    // Only now: until its write is done the kernel reads from it. After a failure it is left to the collector.
    buffers.giveBack(buffer);
  }
  stream.end();
}

/** Writes bytes and waits until the kernel has them all. */
function taken(stream: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
