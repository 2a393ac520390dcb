import { type BackgroundWork, workKey } from '../../../shared/protocol/background.ts';
import type { EdgeLeave } from '../../link/leave-asker.ts';

/** By its own rule a machine looks this often whether an edge that gives leave has come back. */
const OWN_RULE_MS = 60_000;
/** An edge that did not answer is asked again after this long, until the leave has run out. */
const ASK_AGAIN_MS = 15_000;

/** Who gives leave. */
export interface LeaveGiver {
  ask(work: BackgroundWork): Promise<EdgeLeave>;
  giveBack(work: BackgroundWork): void;
}

/** A piece of work that may be done until `signal` aborts; disposed of when it is done. */
export interface Permit extends Disposable {
  readonly signal: AbortSignal;
}

/** Why there is none: another machine does this very work, or it is not the time for any. */
export type NoPermit = 'same-work' | 'not-now';

interface Held {
  work: BackgroundWork;
  aside: AbortController;
  /** When the edge's leave ends unless it is renewed; null without one. */
  until: number | null;
  timer: NodeJS.Timeout | null;
}

/** What this machine does in the background, each piece by leave of the edge where the edge gives any. */
export class Leaves {
  readonly #giver: LeaveGiver;
  readonly #held = new Map<string, Held>();

  constructor(giver: LeaveGiver) {
    this.#giver = giver;
  }

  /** Leave for a piece of work, kept up until it is disposed of. */
  async of(work: BackgroundWork): Promise<Permit | NoPermit> {
    const key = workKey(work);
    if (this.#held.has(key)) return 'same-work';
    const held: Held = { work, aside: new AbortController(), until: null, timer: null };
    // Before the answer: what is taken back meanwhile is not begun by it.
    this.#held.set(key, held);
    const leave = await this.#giver.ask(work);
    if (leave === 'unanswered' || (leave !== 'own-rule' && !leave.may)) {
      this.#held.delete(key);
      return leave !== 'unanswered' && leave.because === 'same-work' ? 'same-work' : 'not-now';
    }
    if (held.aside.signal.aborted) {
      this.#end(held);
      return 'not-now';
    }
    this.#goOn(held, leave);
    return { signal: held.aside.signal, [Symbol.dispose]: () => this.#end(held) };
  }

  /** The edge takes the leave for a piece of work back. */
  stop(work: BackgroundWork): void {
    this.#held.get(workKey(work))?.aside.abort();
  }

  /** Somebody wants this machine: whatever it does in the background is given up at once. */
  stepAside(): void {
    for (const { aside } of this.#held.values()) aside.abort();
  }

  /** The edge is there again, and may know nothing of what is being done. */
  linked(): void {
    for (const held of this.#held.values()) if (held.timer) void this.#renew(held);
  }

  async #renew(held: Held): Promise<void> {
    if (held.timer) clearTimeout(held.timer);
    held.timer = null;
    const leave = await this.#giver.ask(held.work);
    if (!this.#has(held)) return;
    if (leave === 'unanswered') {
      if (held.until !== null && performance.now() >= held.until) held.aside.abort();
      else held.timer = this.#later(held, ASK_AGAIN_MS);
    } else if (leave === 'own-rule' || leave.may) this.#goOn(held, leave);
    else held.aside.abort();
  }

  #goOn(held: Held, leave: 'own-rule' | { may: true; forMs: number }): void {
    held.until = leave === 'own-rule' ? null : performance.now() + leave.forMs;
    held.timer = this.#later(held, leave === 'own-rule' ? OWN_RULE_MS : leave.forMs / 2);
  }

  #later(held: Held, ms: number): NodeJS.Timeout {
    return setTimeout(() => void this.#renew(held), ms).unref();
  }

  #end(held: Held): void {
    if (!this.#has(held)) return;
    if (held.timer) clearTimeout(held.timer);
    this.#held.delete(workKey(held.work));
    this.#giver.giveBack(held.work);
  }

  #has(held: Held): boolean {
    return this.#held.get(workKey(held.work)) === held;
  }
}
