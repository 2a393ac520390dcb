import { setTimeout as delay } from 'node:timers/promises';

/** How often the whole is felt, and how long that may take on a machine that keeps up. */
const PULSE_MS = 500;
const PROMPT_MS = 1_000;

/**
 * The time in which the simulator and its edge really ran. Where the machine is busy with others both stand still, and
 * nothing that takes long then is a fault of theirs: limits count in this time.
 */
export class OwnTime implements Disposable {
  readonly #stop = new AbortController();
  #stalledMs = 0;

  /** `touch` asks the edge for something that costs next to nothing. */
  constructor(touch: () => Promise<unknown>) {
    void this.#feel(touch);
  }

  /** Milliseconds that were lost so far. */
  get stalledMs(): number {
    return Math.round(this.#stalledMs);
  }

  /** Milliseconds of a clock that stands still while the machine does. */
  now(): number {
    return performance.now() - this.#stalledMs;
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }

  async #feel(touch: () => Promise<unknown>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const since = performance.now();
      await delay(PULSE_MS, undefined, { signal }).catch(() => {});
      await touch().catch(() => {});
      this.#stalledMs += Math.max(0, performance.now() - since - PULSE_MS - PROMPT_MS);
    }
  }
}
