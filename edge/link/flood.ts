/** Frames that nobody asked for, at once: a re-sent queue of events, late answers of a viewer who seeks about. */
export const UNASKED_BURST = 1_000;

/** And each second: a progress message is one. */
export const UNASKED_PER_SECOND = 50;

/** A bucket of frames that an agent may send unasked; one that empties it is cut off. */
export class FloodGate {
  #left = UNASKED_BURST;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  /** Takes one; false when there is none left. */
  admit(now: number): boolean {
    this.#left = Math.min(UNASKED_BURST, this.#left + ((now - this.#at) / 1000) * UNASKED_PER_SECOND);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
