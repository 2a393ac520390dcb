import { type DirectService, type DirectTicket, MAX_DIRECT_OF_AGENT } from '../../shared/protocol/direct.ts';

/** What was served past the edge since it was last told of it. */
export class ServiceLog {
  readonly #sessions = new Map<string, DirectService>();

  /** `address` is the announced one that the viewer came by, null for another. */
  note({ session, generation }: DirectTicket, address: string | null, bytes: number): void {
    const known = this.#sessions.get(session);
    const before = known?.generation === generation ? known.bytes : 0;
    this.#sessions.set(session, { session, generation, address, bytes: before + bytes });
  }

  /** All of it, which is forgotten here. No more than one message takes; the rest waits for the next. */
  take(): DirectService[] {
    const taken = [...this.#sessions.values()].slice(0, MAX_DIRECT_OF_AGENT);
    for (const { session } of taken) this.#sessions.delete(session);
    return taken;
  }
}
