/** Ended sessions that are remembered, so that a late call does not bring one back. */
const MAX_REMEMBERED = 10_000;

/** The newest generation of each session that has ended on this machine; the oldest are forgotten first. */
export class EndedSessions {
  readonly #ended = new Map<string, number>();

  /** 0 for a session that never ended here. */
  generation(id: string): number {
    return this.#ended.get(id) ?? 0;
  }

  note(id: string, generation: number): void {
    const newest = Math.max(generation, this.generation(id));
    this.#ended.delete(id);
    this.#ended.set(id, newest);
    for (const oldest of this.#ended.keys()) {
      if (this.#ended.size <= MAX_REMEMBERED) break;
      this.#ended.delete(oldest);
    }
  }
}
