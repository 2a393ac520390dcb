import { createHash } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import type { LinkMetrics } from '../../edge/link/metrics.ts';
import type { ByteRange, Resource } from '../../shared/protocol/resources.ts';

let viewers = 0;

export interface Watching {
  resource?: Resource;
  range?: ByteRange;
  /** Absent is a session of its own. */
  session?: string;
}

/** Asks an agent for bytes through the edge, as a player does; each request has a connection of its own. */
export function watch(edge: string, agentId: string, watching: Watching = {}): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asking = ask(edge, agentId, watching);
    asking.on('error', reject);
    asking.once('response', (response: IncomingMessage) => {
      const headers = new Headers(response.headers as Record<string, string>);
      const body = Readable.toWeb(response) as ReadableStream<Uint8Array>;
      resolve(new Response(body, { status: response.statusCode ?? 0, headers }));
    });
  });
}

/** A viewer whose connection can be reset while he waits: the network's way of saying that he is gone. */
export function waitInVain(edge: string, agentId: string, watching: Watching): { reset(): void } {
  const asking = ask(edge, agentId, watching);
  asking.on('error', () => {});
  return { reset: () => asking.socket?.resetAndDestroy() };
}

function ask(edge: string, agentId: string, watching: Watching): ClientRequest {
  return request(addressOf(edge, agentId, watching), { agent: false }).end();
}

function addressOf(edge: string, agentId: string, watching: Watching): string {
  const session = watching.session ?? `ses_${String(++viewers).padStart(22, '0')}`;
  const query = new URLSearchParams({ session, generation: '1' });
  if (watching.resource) query.set('resource', JSON.stringify(watching.resource));
  if (watching.range) query.set('range', JSON.stringify(watching.range));
  return `${edge}/viewer/${agentId}/bytes?${query}`;
}

/** Reads a body to its end: its length and hash. Rejects where it breaks off. */
export async function readAll(response: Response): Promise<{ length: number; sha256: string }> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const chunk of response.body ?? []) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { length, sha256: hash.digest('hex') };
}

export async function callThrough(edge: string, agentId: string, call: unknown): Promise<unknown> {
  const response = await fetch(`${edge}/viewer/${agentId}/call`, { method: 'POST', body: JSON.stringify(call) });
  return response.json();
}

export async function metricsOf(edge: string, agentId: string): Promise<LinkMetrics> {
  return (await (await fetch(`${edge}/viewer/${agentId}/metrics`)).json()) as LinkMetrics;
}
