import { createHash } from 'node:crypto';
import { Agent, fetch, type Response } from 'undici';
import type { LinkMetrics } from '../../edge/link/metrics.ts';
import type { ByteRange, Resource } from '../../shared/protocol/resources.ts';

/** A connection for each request: viewers are different people. */
const dispatcher = new Agent({ connections: null, pipelining: 0, headersTimeout: 0, bodyTimeout: 0 });

let viewers = 0;

export interface Watching {
  resource?: Resource;
  range?: ByteRange;
  /** Absent is a session of its own. */
  session?: string;
  signal?: AbortSignal;
}

/** Asks an agent for bytes through the edge, as a player does. */
export function watch(edge: string, agentId: string, watching: Watching = {}): Promise<Response> {
  const session = watching.session ?? `ses_${String(++viewers).padStart(22, '0')}`;
  const query = new URLSearchParams({ session, generation: '1' });
  if (watching.resource) query.set('resource', JSON.stringify(watching.resource));
  if (watching.range) query.set('range', JSON.stringify(watching.range));
  const { signal } = watching;
  return fetch(`${edge}/viewer/${agentId}/bytes?${query}`, { dispatcher, ...(signal ? { signal } : {}) });
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
