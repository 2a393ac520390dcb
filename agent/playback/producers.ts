import type { Producer } from './producer.ts';
import { Elsewhere, type Wanted } from './wishes.ts';

/** The producers of all sessions by their recipes: viewers who are at the same place of a rendition share a process. */
export class Producers {
  readonly #byKey = new Map<string, Set<Producer>>();

  add(key: string, producer: Producer): void {
    const known = this.#byKey.get(key);
    if (known) known.add(producer);
    else this.#byKey.set(key, new Set([producer]));
  }

  remove(key: string, producer: Producer): void {
    const known = this.#byKey.get(key);
    known?.delete(producer);
    if (known?.size === 0) this.#byKey.delete(key);
  }

  /**
   * What is wanted, from a process of another session that is about to make it, else from the session's `own`.
   * Throws what `own` throws.
   */
  async get(
    key: string,
    own: Producer,
    wanted: Wanted,
    signal: AbortSignal,
  ): Promise<Buffer | { path: string; size: number }> {
    const host = own.reaches(wanted)
      ? undefined
      : [...(this.#byKey.get(key) ?? [])].find((each) => each.reaches(wanted));
    if (!host || host === own) return own.get(wanted, signal);
    try {
      const made = await host.get(wanted, signal, { guest: true });
      if (wanted !== 'init') own.moved(wanted);
      return made;
    } catch (error) {
      // The other viewer went elsewhere, or left.
      if (error instanceof Elsewhere) return own.get(wanted, signal);
      throw error;
    }
  }
}
