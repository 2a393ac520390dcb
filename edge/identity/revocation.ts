import { HearthcastError } from '../../shared/errors.ts';
import { ACCESS_TOKEN_LIFETIME_S } from './access-tokens.ts';

/** A list younger than this is believed without asking: so long may a revoked token still work elsewhere. */
export const FRESH_MS = 10_000;

/** A session that ended earlier than this has no access token left; the minute is for clocks that differ. */
const LOOK_BACK_MS = ACCESS_TOKEN_LIFETIME_S * 1000 + 60_000;

/** Ended sessions held in memory; above it, older tokens are refused until they are refreshed. */
export const MAX_ENDED = 10_000;

/** The request that reads may die with its viewer; those who wait on it must not wait for ever. */
const READ_TIMEOUT_MS = 5_000;

export interface EndedSession {
  id: string;
  /** Milliseconds since 1970. */
  endedAt: number;
}

/** Reads the sessions that ended since a time, the newest first, at most `limit`. */
export type ReadEnded = (since: number, limit: number) => Promise<EndedSession[]>;

interface List {
  ended: Set<string>;
  /** Tokens made before this may belong to sessions that the list had no room for. */
  believedFrom: number;
  readAt: number;
}

/**
 * What an isolate knows of ended sign-ins. A fresh list answers from memory; an old one, and that of a cold
 * isolate, is read first, once for all who wait. Where it cannot be read nobody is let in.
 */
export class Revocations {
  readonly #now: () => number;
  #list: List | null = null;
  #reading: Promise<List> | null = null;
  /** Ended by this very isolate; a read that began before might not show them yet. */
  readonly #endedHere = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Lets a token pass, or throws: `unauthenticated` when its session has ended, `token-expired` when only a
   * refresh can tell, `unavailable` when the list cannot be read.
   * `read` is this request's own; `keepAlive` gets the promise that others may wait on.
   */
  async admit(
    token: { authSessionId: string; issuedAt: number },
    read: ReadEnded,
    keepAlive: (reading: Promise<unknown>) => void,
  ): Promise<void> {
    const list = await this.#fresh(read, keepAlive);
    if (list.ended.has(token.authSessionId) || this.#endedHere.has(token.authSessionId)) {
      throw new HearthcastError('unauthenticated', 'This sign-in has ended.');
    }
    if (token.issuedAt < list.believedFrom) throw new HearthcastError('token-expired');
  }

  /** Notes a session that has just ended here, so that this isolate needs no read to know. */
  note(authSessionId: string): void {
    this.#endedHere.set(authSessionId, this.#now());
  }

  #fresh(read: ReadEnded, keepAlive: (reading: Promise<unknown>) => void): Promise<List> | List {
    if (this.#list && this.#now() - this.#list.readAt < FRESH_MS) return this.#list;
    if (!this.#reading) {
      const reading = this.#read(read);
      this.#reading = reading;
      const settled = reading.then(
        () => this.#forget(reading),
        () => this.#forget(reading),
      );
      keepAlive(settled);
    }
    return this.#within(this.#reading);
  }

  async #read(read: ReadEnded): Promise<List> {
    // Its age counts from the beginning of the read: what ended while it ran may not be in it.
    const readAt = this.#now();
    const since = readAt - LOOK_BACK_MS;
    const ended = await read(since, MAX_ENDED);
    const believedFrom = ended.length < MAX_ENDED ? 0 : (ended.at(-1)?.endedAt ?? 0);
    const list = { ended: new Set(ended.map((session) => session.id)), believedFrom, readAt };
    this.#list = list;
    for (const [id, endedAt] of this.#endedHere) if (endedAt < since) this.#endedHere.delete(id);
    return list;
  }

  #forget(reading: Promise<List>): void {
    if (this.#reading === reading) this.#reading = null;
  }

  async #within(reading: Promise<List>): Promise<List> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the read of ended sessions hangs')), READ_TIMEOUT_MS);
    });
    try {
      return await Promise.race([reading, late]);
    } catch (cause) {
      this.#forget(reading);
      throw new HearthcastError('unavailable', 'It cannot be told at the moment who is signed in. Try again.', {
        cause,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}
