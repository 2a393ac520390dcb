import { CALLS, type CallAnswer, type CallMethod, type CallParams } from '../../shared/protocol/calls.ts';
import type { AgentFrame, EdgeFrame } from '../../shared/protocol/frames.ts';
import type { Env } from '../env.ts';
import { randomId } from '../identity/sealed.ts';
import { type Abort, type Failure, failureOf } from './aborts.ts';
import { newWatch, type Watch } from './watch.ts';

/** Calls to one agent at once; each is short. */
export const MAX_CALLS = 64;

export type CallResult<M extends CallMethod> = { ok: true; answer: CallAnswer<M> } | ({ ok: false } & Failure);

/** A call that an agent has not answered yet. */
export class PendingCall<M extends CallMethod> {
  readonly kind = 'call';
  readonly id = randomId('c_');
  readonly watch: Watch;
  readonly answered: Promise<CallResult<M>>;
  readonly #method: M;
  readonly #deadlineMs: number;
  #settle: (result: CallResult<M>) => void = () => {};

  constructor(method: M, deadlineMs: number, now: number) {
    this.#method = method;
    this.#deadlineMs = deadlineMs;
    this.watch = newWatch(now, deadlineMs);
    this.answered = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  frame(params: CallParams<M>): EdgeFrame {
    return { type: 'call', id: this.id, method: this.#method, params, deadlineMs: this.#deadlineMs };
  }

  /** Takes the agent's answer; one that is not of the method's shape is a failure. */
  answer(frame: Extract<AgentFrame, { type: 'answer' }>): void {
    const parsed = CALLS[this.#method].answer.safeParse(frame.body);
    if (parsed.success) this.#settle({ ok: true, answer: parsed.data as CallAnswer<M> });
    else this.abort('bad-answer');
  }

  fail(failure: Failure): void {
    this.#settle({ ok: false, class: failure.class, code: failure.code, detail: failure.detail });
  }

  abort(reason: Abort): void {
    this.fail(failureOf(reason));
  }
}

/**
 * Calls an agent. Never rejects: an agent that is offline, silent or late is a failure like its own refusals.
 * `deadlineMs` is the longest that the agent may work on it.
 */
export async function callAgent<M extends CallMethod>(
  env: Pick<Env, 'AGENT_LINK'>,
  agentId: string,
  method: M,
  params: CallParams<M>,
  deadlineMs: number,
): Promise<CallResult<M>> {
  try {
    return (await env.AGENT_LINK.getByName(agentId).call(method, params, deadlineMs)) as CallResult<M>;
  } catch (error) {
    console.error(
      JSON.stringify({ level: 'error', event: 'agent link failed', agentId, method, error: String(error) }),
    );
    return { ok: false, ...failureOf('socket-closed') };
  }
}
