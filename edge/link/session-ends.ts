import { AgentId } from '../../shared/protocol/names.ts';
import { failureOf } from './aborts.ts';
import { failureResponse } from './orders.ts';
import type { Work } from './work.ts';

/** Says who serves the session instead: `<agent id> <generation>`. */
export const MOVED_HEADER = 'hc-moved';

/** Records of one agent; the oldest go first, and cost a late ticket one question more. */
export const MAX_ENDS = 500;

/** As long as a ticket lives: after it nobody asks any more. */
const KEEP_MS = 24 * 60 * 60 * 1000;

const PREFIX = 'over:';

/** Who serves a session now. */
export interface Successor {
  agentId: string;
  generation: number;
}

/** What an agent's link knows of a session that is over there, up to a generation. */
interface SessionEnd {
  generation: number;
  to: Successor | null;
  at: number;
}

/** The sessions that have left an agent: their late requests are answered without waking it. */
export class SessionEnds {
  readonly #kv: SyncKvStorage;
  readonly #work: Work;

  constructor(storage: DurableObjectStorage, work: Work) {
    this.#kv = storage.kv;
    this.#work = work;
  }

  /** Notes an end or a move. Where nobody follows yet the bodies that still flow are cut: they are of an old owner. */
  note(session: string, generation: number, to: Successor | null, now: number): void {
    const known = this.#kv.get<SessionEnd>(PREFIX + session);
    if (known && known.generation > generation) return;
    // Before it is stored: where that fails, what flows is of an old owner all the same.
    if (!to) this.#cut(session, generation);
    this.#kv.put(PREFIX + session, { generation, to, at: now } satisfies SessionEnd);
    this.#forget(now);
  }

  #cut(session: string, generation: number): void {
    for (const relay of this.#work.relaysOf(session)) {
      if (relay.order.generation <= generation) relay.abort('session-over');
    }
  }

  /** The answer to a late request, or null where the session may well be there. */
  answer(session: string | null, generation: number): Response | null {
    const end = session === null ? undefined : this.#kv.get<SessionEnd>(PREFIX + session);
    if (!end || generation > end.generation) return null;
    const response = failureResponse(failureOf('session-over'));
    if (end.to) response.headers.set(MOVED_HEADER, `${end.to.agentId} ${end.to.generation}`);
    return response;
  }

  #forget(now: number): void {
    const all = [...this.#kv.list<SessionEnd>({ prefix: PREFIX })].sort(([, a], [, b]) => b.at - a.at);
    all.forEach(([key, { at }], index) => {
      if (index >= MAX_ENDS || now - at >= KEEP_MS) this.#kv.delete(key);
    });
  }
}

/** Where an answer sends its request, or null. */
export function movedTo(response: Response): Successor | null {
  const [agentId, generation] = (response.headers.get(MOVED_HEADER) ?? '').split(' ');
  if (!AgentId.safeParse(agentId).success || !/^\d{1,15}$/.test(generation ?? '')) return null;
  return { agentId: agentId as string, generation: Number(generation) };
}
