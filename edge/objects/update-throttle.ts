/** A scan changes the catalog many times a second; browsers read it again once. */
const UPDATE_EVERY_MS = 1_000;

/** Lets the first news through at once, and those of the next second together at its end. */
export class UpdateThrottle {
  readonly #tell: (libraryIds: string[]) => void;
  readonly #waiting = new Set<string>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(tell: (libraryIds: string[]) => void) {
    this.#tell = tell;
  }

  /** Libraries that have changed; an empty list is the catalog as a whole. Milliseconds since 1970. */
  add(libraryIds: readonly string[], now: number): void {
    for (const id of libraryIds) this.#waiting.add(id);
    if (this.#timer !== null) return;
    const wait = this.#toldAt + UPDATE_EVERY_MS - now;
    if (wait <= 0) {
      this.#flush(now);
      return;
    }
    // A timer keeps the object awake for at most a second, and needs no storage write as an alarm would.
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#flush(now + wait);
    }, wait);
  }

  #flush(now: number): void {
    this.#toldAt = now;
    const libraryIds = [...this.#waiting];
    this.#waiting.clear();
    this.#tell(libraryIds);
  }
}
