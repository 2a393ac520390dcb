import type { AgentFrame } from '../../shared/protocol/frames.ts';
import type { Abort } from './aborts.ts';
import type { PendingCall } from './calls.ts';
import type { Relay } from './relay.ts';
import { heard, overdue } from './watch.ts';

/** How often what is in flight is looked at; a fraction of the shortest limit. */
const SWEEP_MS = 250;

// biome-ignore lint/suspicious/noExplicitAny: calls of all methods lie side by side; each checks its own answer.
type Pending = Relay | PendingCall<any>;

/**
 * What one agent has been asked and has not finished. It lives in memory only: an object with work in flight
 * is not evicted, and one that is reset has lost its viewers' connections anyway.
 */
export class Work {
  readonly #pending = new Map<string, Pending>();
  readonly #onSilence: () => void;
  readonly #now: () => number;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(options: { now: () => number; onSilence: () => void }) {
    this.#now = options.now;
    this.#onSilence = options.onSilence;
  }

  get busy(): boolean {
    return this.#pending.size > 0;
  }

  relay(id: string): Relay | null {
    const found = this.#pending.get(id);
    return found?.kind === 'relay' ? found : null;
  }

  get(id: string): Pending | null {
    return this.#pending.get(id) ?? null;
  }

  add(pending: Pending): void {
    this.#pending.set(pending.id, pending);
    this.#timer ??= setInterval(() => this.sweep(), SWEEP_MS);
  }

  remove(id: string): void {
    this.#pending.delete(id);
    if (this.#pending.size > 0 || this.#timer === null) return;
    // A timer that runs on would keep the object awake, and billed, for as long as its agent is connected.
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** How much is open: bodies of the agent as a whole, of one session, of these the unanswered; and calls. */
  count(session: string | null): { agent: number; session: number; unanswered: number; calls: number } {
    const relays = this.#relays();
    const ofSession = relays.filter((relay) => relay.order.session === session);
    return {
      agent: relays.length,
      session: ofSession.length,
      unanswered: ofSession.filter((relay) => relay.watch.phase === 'asked').length,
      calls: this.#pending.size - relays.length,
    };
  }

  /** The order of a session that has waited longest for its first byte. */
  oldestUnanswered(session: string | null): Relay | null {
    // A map keeps its order of insertion, which is that of age.
    return this.#relays().find((relay) => relay.order.session === session && relay.watch.phase === 'asked') ?? null;
  }

  /** The bodies of a session that are under way. */
  relaysOf(session: string): Relay[] {
    return this.#relays().filter((relay) => relay.order.session === session);
  }

  /** The agent's word each second. */
  progress(frame: Extract<AgentFrame, { type: 'progress' }>): void {
    const now = this.#now();
    frame.ids.forEach((id, i) => {
      const pending = this.#pending.get(id);
      if (pending) heard(pending.watch, frame.moved[i] ?? 0, now);
    });
  }

  /** Gives up what is overdue. */
  sweep(): void {
    const now = this.#now();
    let silent = false;
    for (const pending of [...this.#pending.values()]) {
      const reason = overdue(pending.watch, now);
      if (!reason) continue;
      pending.abort(reason);
      silent ||= reason === 'silence';
    }
    if (silent) this.#onSilence();
  }

  abortAll(reason: Abort): void {
    for (const pending of [...this.#pending.values()]) pending.abort(reason);
  }

  #relays(): Relay[] {
    return [...this.#pending.values()].filter((pending): pending is Relay => pending.kind === 'relay');
  }
}
