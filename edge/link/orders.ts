import { z } from 'zod';
import { HearthcastError } from '../../shared/errors.ts';
import { SessionId } from '../../shared/protocol/names.ts';
import { ByteRange, Resource } from '../../shared/protocol/resources.ts';
import type { Env } from '../env.ts';
import { type Failure, failureOf } from './aborts.ts';

/** How long an agent may work on a body before its first byte: a segment of 4K on a weak machine. */
export const ORDER_DEADLINE_MS = 30_000;

/** Requests of one session at once: players ask for a picture track, a sound track and a little ahead. */
export const MAX_PER_SESSION = 12;

/** Pictures at once from one agent; they belong to no session. */
export const MAX_WITHOUT_SESSION = 48;

/** Bodies at once from one agent, all viewers together; the paused ones count. */
export const MAX_PER_AGENT = 256;

/** Says which of the failure classes a failed order is of. */
export const FAILURE_HEADER = 'hc-failure';

/** A request for bytes of an agent. */
export const ByteOrder = z.object({
  /** Null for pictures. */
  session: SessionId.nullable(),
  /** Agents refuse generations older than the newest that they know; 0 without a session. */
  generation: z.number().int().nonnegative(),
  resource: Resource,
  range: ByteRange.nullable(),
});
export type ByteOrder = z.infer<typeof ByteOrder>;

/**
 * Asks an agent for bytes. The answer is a 200, or a 206 with `Content-Range` where a range was asked for;
 * its `Content-Length` is exact, and a body that cannot be completed breaks off rather than ending. A failure
 * is problem details with `hc-failure: liveness|capacity|content|session`. Aborting the signal stops the
 * agent's work.
 */
export async function orderBytes(
  env: Pick<Env, 'AGENT_LINK'>,
  agentId: string,
  order: ByteOrder,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await env.AGENT_LINK.getByName(agentId).fetch('http://agent-link/bytes', {
      method: 'POST',
      body: JSON.stringify(order),
      signal,
    });
  } catch (error) {
    if (signal.aborted) return failureResponse(failureOf('viewer-left'));
    console.error(JSON.stringify({ level: 'error', event: 'agent link failed', agentId, error: String(error) }));
    return failureResponse(failureOf('socket-closed'));
  }
}

/** Whether one more order fits, given how many are open for the agent and for the order's session. */
export function admitsOrder(session: string | null, open: { agent: number; session: number }): boolean {
  if (open.agent >= MAX_PER_AGENT) return false;
  return open.session < (session === null ? MAX_WITHOUT_SESSION : MAX_PER_SESSION);
}

/** A failure as an answer to a viewer's request. */
export function failureResponse(failure: Failure): Response {
  const problem = new HearthcastError(failure.code, failure.detail).toProblem();
  return Response.json(problem, {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', [FAILURE_HEADER]: failure.class },
  });
}
