import { env } from 'cloudflare:workers';
import type { Role } from '../../shared/api/auth.ts';
import { edgeClient } from './edge-client.ts';
import { signedIn } from './signed-in.ts';

export const PASSWORD = 'correct horse battery';

/** One isolate of the edge and people who call it. */
export function world() {
  const edge = edgeClient();

  async function person(role: Role, name?: string) {
    const { principal, headers } = await signedIn(role, name);
    const id = String(principal.userId);
    const call = (method: string, path: string, body?: unknown) =>
      edge.call(method, `/api/v1${path}`, { headers, ...(body === undefined ? {} : { body }) });
    return { id, name: principal.name, principal, headers, call };
  }

  /** A call without any sign-in. */
  const anyone = (method: string, path: string, body?: unknown) =>
    edge.call(method, `/api/v1${path}`, body === undefined ? {} : { body });

  return { edge, person, anyone };
}

/** The status of an answer, and its code where it is a problem. */
export async function outcomeOf(response: Response): Promise<string | number> {
  if (response.ok) return response.status;
  return ((await response.json()) as { code: string }).code;
}

/** A library, as an agent's root makes one; answers its id. */
export async function addLibrary(name: string, bit: number): Promise<string> {
  const row = await env.DB.prepare('INSERT INTO library (name, bit, created_at) VALUES (?, ?, 1) RETURNING id')
    .bind(name, bit)
    .first<{ id: number }>();
  return String(row?.id);
}
