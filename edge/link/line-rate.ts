import type { LinkStorage } from './link-storage.ts';
import type { LinkCounters } from './metrics.ts';

/** A line's rate is kept when it has changed by so much: it is told each second, and is an estimate. */
const NEWS = 0.1;

/** And told to placement at most so often. */
const TELL_EVERY_MS = 15_000;

/** What an agent's line was seen to carry. */
export class LineRate {
  readonly #storage: Pick<LinkStorage, 'uplink' | 'setUplink'>;
  readonly #counters: Pick<LinkCounters, 'uplink'>;
  #toldAt = 0;

  constructor(storage: Pick<LinkStorage, 'uplink' | 'setUplink'>, counters: Pick<LinkCounters, 'uplink'>) {
    this.#storage = storage;
    this.#counters = counters;
    counters.uplink = storage.uplink();
  }

  /** Takes a figure, in bytes a second; true where placement is to be told of it. */
  take(uplink: number | null, now: number): boolean {
    if (uplink === null) return false;
    const known = this.#counters.uplink ?? 0;
    if (Math.abs(uplink - known) <= known * NEWS) return false;
    this.#counters.uplink = uplink;
    try {
      this.#storage.setUplink(uplink);
    } catch (error) {
      // Known until the object is evicted: a figure that can be measured again ends no conversation.
      console.warn("a line's rate was not kept", String(error));
    }
    if (now - this.#toldAt < TELL_EVERY_MS) return false;
    this.#toldAt = now;
    return true;
  }
}
