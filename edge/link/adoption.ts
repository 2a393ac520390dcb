import { HearthcastError } from '../../shared/errors.ts';

/** After a refusal the database is not asked again for so long, whoever knocks. */
export const REFUSED_MS = 5_000;

/**
 * Looks an agent that its link does not know up in the database, where a deployment that was brought back from a backup
 * has its machines: once for all who ask at the same time, and after a refusal once in a while.
 */
export class Adoption<T> {
  readonly #lookUp: (agentId: string) => Promise<T | null>;
  #looking: Promise<T | null> | null = null;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(lookUp: (agentId: string) => Promise<T | null>) {
    this.#lookUp = lookUp;
  }

  /**
   * Null where there is no such agent. Soon after that it throws `unavailable` instead: `gone` would keep a machine
   * away for good that has been brought back just now, and this one comes again.
   */
  async of(agentId: string, now: number): Promise<T | null> {
    if (now - this.#refusedAt < REFUSED_MS) throw new HearthcastError('unavailable', 'Ask again in a few seconds.');
    this.#looking ??= this.#lookUp(agentId).finally(() => {
      this.#looking = null;
    });
    const found = await this.#looking;
    if (found === null) this.#refusedAt = now;
    return found;
  }
}
