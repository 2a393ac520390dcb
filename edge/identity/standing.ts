import { HearthcastError } from '../../shared/errors.ts';
import type { KeyStanding, PersonStanding, StandingRows } from '../db/standing.ts';
import { ACCESS_TOKEN_LIFETIME_S } from './access-tokens.ts';

/** What is younger than this is believed without asking: so long may a revoked token still work elsewhere. */
export const FRESH_MS = 10_000;

/** A key that is not known may be new: then the list is read again, but not more often than this. */
export const REREAD_MS = 1_000;

/** A session that ended earlier than this has no access token left; the minute is for clocks that differ. */
const LOOK_BACK_MS = ACCESS_TOKEN_LIFETIME_S * 1000 + 60_000;

/** Ended sessions held in memory; above it, older tokens are refused until they are refreshed. */
export const MAX_ENDED = 10_000;

/** The request that reads may die with its viewer; those who wait on it must not wait for ever. */
const READ_TIMEOUT_MS = 5_000;

/** Reads who may come in; see `readStanding`. */
export type ReadStanding = (since: number, limit: number) => Promise<StandingRows>;

/** How a request reads the list, and what keeps the read alive for those who wait on it. */
export interface Reader {
  read: ReadStanding;
  keepAlive: (reading: Promise<unknown>) => void;
}

/** Who may come in, as it was at `readAt`. */
export interface StandingList {
  readonly ended: ReadonlySet<string>;
  /** Tokens made before this may belong to sessions that the list had no room for. */
  readonly believedFrom: number;
  readonly people: ReadonlyMap<number, PersonStanding>;
  /** By the hash of the key. */
  readonly keys: ReadonlyMap<string, KeyStanding>;
  readonly signing: StandingRows['signing'];
  readonly readAt: number;
}

/**
 * What an isolate knows of who may come in: ended sign-ins, people with their roles and restrictions, API keys,
 * generations of the signing key. A fresh list answers from memory; an old one, and that of a cold isolate, is read
 * first, once for all who wait. Where it cannot be read nobody is let in.
 */
export class Standing {
  readonly #now: () => number;
  #list: StandingList | null = null;
  #reading: Promise<StandingList> | null = null;
  /** Ended by this very isolate; a read that began before might not show them yet. */
  readonly #endedHere = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The list, not older than 10 s. Throws `unavailable` when it cannot be read. */
  async list(reader: Reader): Promise<StandingList> {
    const list = this.#list;
    if (list && this.#now() - list.readAt < FRESH_MS) return list;
    return this.#join(reader);
  }

  /**
   * A list that may know what this one does not. What anybody can invent is not looked for more than once in
   * `REREAD_MS`: the same list then. `proven` is for what only this deployment can have made.
   */
  async newerThan(list: StandingList, reader: Reader, proven = false): Promise<StandingList> {
    if (this.#list && this.#list !== list) return this.#list;
    if (!proven && this.#now() - list.readAt < REREAD_MS) return list;
    this.#list = null;
    return this.#join(reader);
  }

  /** Whether a sign-in or an API key has ended, also one that ended in this isolate after the list was read. */
  hasEnded(list: StandingList, authSessionId: string): boolean {
    return list.ended.has(authSessionId) || this.#endedHere.has(authSessionId);
  }

  /** Notes a session that has just ended here, so that this isolate needs no read to know. */
  noteEnded(authSessionId: string): void {
    this.#endedHere.set(authSessionId, this.#now());
  }

  /** Somebody's role, restrictions, or keys were changed here: the next request reads them. */
  noteChange(): void {
    this.#list = null;
    this.#reading = null;
  }

  #join({ read, keepAlive }: Reader): Promise<StandingList> {
    if (!this.#reading) {
      const reading = this.#read(read);
      this.#reading = reading;
      const settled = reading.then(
        (list) => this.#settle(reading, list),
        () => this.#settle(reading, null),
      );
      keepAlive(settled);
    }
    return this.#within(this.#reading);
  }

  async #read(read: ReadStanding): Promise<StandingList> {
    // Its age counts from the beginning of the read: what ended while it ran may not be in it.
    const readAt = this.#now();
    const since = readAt - LOOK_BACK_MS;
    const { ended, people, keys, signing } = await read(since, MAX_ENDED);
    for (const [id, endedAt] of this.#endedHere) if (endedAt < since) this.#endedHere.delete(id);
    return {
      ended: new Set(ended.map((session) => session.id)),
      believedFrom:
        ended.length < MAX_ENDED ? 0 : ended.reduce((oldest, { endedAt }) => Math.min(oldest, endedAt), readAt),
      people: new Map(people.map((person) => [person.id, person])),
      keys: new Map(keys.map((key) => [key.hash, key])),
      signing,
      readAt,
    };
  }

  /** A read that was overtaken by a change made here is not kept. */
  #settle(reading: Promise<StandingList>, list: StandingList | null): void {
    if (this.#reading !== reading) return;
    this.#reading = null;
    if (list) this.#list = list;
  }

  async #within(reading: Promise<StandingList>): Promise<StandingList> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the read of who may come in hangs')), READ_TIMEOUT_MS);
    });
    try {
      return await Promise.race([reading, late]);
    } catch (cause) {
      this.#settle(reading, null);
      throw new HearthcastError('unavailable', 'It cannot be told at the moment who is signed in. Try again.', {
        cause,
      });
    } finally {
      clearTimeout(timer);
    }
  }
}
