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
export const MAX_WITHOUT_SESSION = 128;

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

/** What becomes of one more order: it is taken, taken in the place of the session's oldest unanswered one, or refused. */
export type Admission = 'admit' | 'supersede' | 'refuse';

/**
 * Judges one more order by what is open for the agent and for the order's session. A session at its limit gives
 * up its own oldest unanswered order: a viewer who seeks about leaves requests behind, and a plain end of his
 * connections is not seen before there is something to write.
 */
export function admitOrder(
  session: string | null,
  open: { agent: number; session: number; unanswered: number },
): Admission {
  // Pictures belong to many viewers: nobody's is given up for another's.
  if (session === null && open.session >= MAX_WITHOUT_SESSION) return 'refuse';
  if (session !== null && open.session >= MAX_PER_SESSION) return open.unanswered > 0 ? 'supersede' : 'refuse';
  return open.agent < MAX_PER_AGENT ? 'admit' : 'refuse';
}

/** A failure as an answer to a viewer's request. */
export function failureResponse(failure: Failure): Response {
  const problem = new HearthcastError(failure.code, failure.detail).toProblem();
  return Response.json(problem, {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', [FAILURE_HEADER]: failure.class },
  });
}
