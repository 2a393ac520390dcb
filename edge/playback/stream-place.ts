import { HearthcastError } from '../../shared/errors.ts';
import type { Env } from '../env.ts';
import { FLEET_NAME } from './fleet-name.ts';

/** One of the films that a person may watch at once. Without a limit nobody is asked. */
export class StreamPlace {
  readonly #env: Pick<Env, 'FLEET'>;
  readonly #accountId: number;
  readonly #max: number | null;
  readonly #replaces: string | null;

  /** `replaces` is a session that ends for the new one, and does not count. */
  constructor(env: Pick<Env, 'FLEET'>, accountId: number, max: number | null, replaces: string | null) {
    this.#env = env;
    this.#accountId = accountId;
    this.#max = max;
    this.#replaces = replaces;
  }

  /** Throws `stream-limit`. */
  async take(session: string): Promise<void> {
    if (this.#max === null) return;
    const may = await this.#env.FLEET.getByName(FLEET_NAME)
      .mayWatch(this.#accountId, session, this.#max, this.#replaces)
      // A Fleet that does not answer keeps nobody from a film.
      .catch(() => true);
    if (may) return;
    const devices = this.#max === 1 ? 'one device' : `${this.#max} devices`;
    throw new HearthcastError('stream-limit', `You may watch on ${devices} at once. Stop what plays elsewhere first.`);
  }

  async giveBack(session: string): Promise<void> {
    if (this.#max === null) return;
    await this.#env.FLEET.getByName(FLEET_NAME)
      .willNotWatch(session)
      .catch((error) => console.warn('a place was not given back, and ends by itself', String(error)));
  }
}
