import { type ErrorCode, HearthcastError, Problem } from '../../shared/errors.ts';
import { type ByteRange, FAILURE_CLASSES, type FailureClass, type Resource } from '../../shared/protocol/resources.ts';
import type { Env } from '../env.ts';
import { FAILURE_HEADER, orderBytes } from '../link/orders.ts';
import { movedTo } from '../link/session-ends.ts';
import type { Owners } from './owners.ts';
import type { Owner } from './session-record.ts';
import type { Ticket } from './tickets.ts';

/** Seconds after which a player may ask a busy machine again: about one segment. */
const BUSY_RETRY_S = 2;

/** Old owners that a request is sent on by before the session itself is asked. */
const MAX_HOPS = 3;

/** What a viewer's request asks of the owner of its session. */
export interface Wish {
  resource: Resource;
  range: ByteRange | null;
}

/**
 * Bytes from the session's owner. When the owner is gone or lost the session, the session is moved once and the
 * same request is answered by the new owner: a slower segment, not an error. Throws a HearthcastError otherwise.
 */
export async function deliver(
  env: Pick<Env, 'AGENT_LINK' | 'PLAYBACK_SESSION'>,
  owners: Owners,
  ticket: Ticket,
  wish: Wish,
  signal: AbortSignal,
): Promise<Response> {
  let owner = owners.of(ticket);
  let first = await order(env, ticket, owner, wish, signal);
  for (let hops = 0; !first.ok && first.to && hops < MAX_HOPS; hops++) {
    owner = first.to;
    owners.note(ticket.session, owner);
    first = await order(env, ticket, owner, wish, signal);
  }
  if (first.ok) return first.response;
  if (first.class === 'content' && first.error.code === 'content-broken') throw await named(env, ticket, first.error);
  if (signal.aborted || (first.class !== 'liveness' && first.class !== 'session')) throw first.error;

  const session = env.PLAYBACK_SESSION.getByName(ticket.session);
  const recovery = await session.recover({ generation: owner.generation, failure: first.class });
  if (!recovery.ok) throw new HearthcastError(recovery.code, recovery.detail);
  owners.note(ticket.session, recovery);
  const second = await order(env, ticket, recovery, wish, signal);
  if (second.ok) return second.response;
  throw second.error;
}

/** A broken file by the machine that it lies on: there may be a good one elsewhere, and somebody must mend this one. */
async function named(
  env: Pick<Env, 'PLAYBACK_SESSION'>,
  ticket: Ticket,
  error: HearthcastError,
): Promise<HearthcastError> {
  const machine = await env.PLAYBACK_SESSION.getByName(ticket.session).machine();
  return machine === null ? error : new HearthcastError(error.code, `${error.message} It lies on ${machine}.`);
}

type Ordered =
  | { ok: true; response: Response }
  /** `to` is a later owner, where the agent's link knows one. */
  | { ok: false; class: FailureClass; error: HearthcastError; to: Owner | null };

async function order(
  env: Pick<Env, 'AGENT_LINK'>,
  ticket: Ticket,
  owner: Owner,
  wish: Wish,
  signal: AbortSignal,
): Promise<Ordered> {
  const byteOrder = { session: ticket.session, generation: owner.generation, ...wish };
  const response = await orderBytes(env, owner.agentId, byteOrder, signal);
  const failure = response.headers.get(FAILURE_HEADER);
  if (response.ok && failure === null) return { ok: true, response };
  const failureClass = FAILURE_CLASSES.find((known) => known === failure) ?? 'liveness';
  const problem = Problem.safeParse(await response.json().catch(() => null));
  const code = problem.success ? problem.data.code : 'agent-failed';
  const detail = problem.success ? problem.data.detail : undefined;
  const moved = movedTo(response);
  const to = moved && moved.generation > owner.generation ? moved : null;
  return { ok: false, class: failureClass, error: errorOf(failureClass, code, detail), to };
}

/** A failure class as the viewer's answer: busy is worth a wait, a broken file is not. */
function errorOf(failureClass: FailureClass, code: ErrorCode, detail: string | undefined): HearthcastError {
  switch (failureClass) {
    case 'capacity':
      return new HearthcastError(code === 'rate-limited' ? code : 'capacity-full', detail, {
        retryAfterS: BUSY_RETRY_S,
      });
    case 'content':
      return new HearthcastError(code === 'not-found' ? code : 'content-broken', detail);
    case 'liveness':
    case 'session':
      return new HearthcastError(code, detail);
    default: {
      const never: never = failureClass;
      return never;
    }
  }
}
