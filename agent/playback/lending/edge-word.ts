/** What the edge says with each welcome that lending rests on: the key of this agent's read tickets, and its clock. */
export class EdgeWord {
  #key: string | null = null;
  #offsetMs = 0;

  /** `now` is milliseconds since 1970 at the edge. */
  linked({ now, readKey }: { now: number; readKey: string | null }): void {
    this.#key = readKey;
    // By the monotonic clock: this machine's may be hours wrong, and may be set at any time.
    this.#offsetMs = now - performance.now();
  }

  /** Null before the first welcome, and of an edge that knows no lending. */
  get key(): string | null {
    return this.#key;
  }

  now(): number {
    return this.#offsetMs + performance.now();
  }
}
