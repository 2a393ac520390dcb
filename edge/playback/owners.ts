import type { Owner } from './session-record.ts';
import type { Ticket } from './tickets.ts';

/** Sessions that an isolate remembers; a forgotten one costs a failed order and a question. */
const MAX_SESSIONS = 5_000;

/**
 * Where sessions have moved to since their tickets were made, as this isolate has learnt it: a request with an old
 * ticket goes straight to the new owner. Only a hint: agents refuse older generations.
 */
export class Owners {
  readonly #moved = new Map<string, Owner>();

  of(ticket: Pick<Ticket, 'session' | 'agent' | 'generation'>): Owner {
    const moved = this.#moved.get(ticket.session);
    return moved && moved.generation > ticket.generation
      ? moved
      : { agentId: ticket.agent, generation: ticket.generation };
  }

  note(session: string, owner: Owner): void {
    const known = this.#moved.get(session);
    if (known && known.generation >= owner.generation) return;
    this.#moved.delete(session);
    this.#moved.set(session, { agentId: owner.agentId, generation: owner.generation });
    const oldest = this.#moved.keys().next();
    if (this.#moved.size > MAX_SESSIONS && !oldest.done) this.#moved.delete(oldest.value);
  }
}
