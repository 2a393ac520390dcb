import { HearthcastError } from '../../../shared/errors.ts';
import { problemOf, Unreachable } from '../../app/problem-answer.ts';

/** What stands in the player's way. */
export type Trouble =
  /** The session is over: play again at the same place. */
  | { kind: 'ended' }
  /** Nobody has these bytes any more: play another copy at the same place. `note` says so to the viewer. */
  | { kind: 'other-copy'; note: string }
  /** The browser cannot play this file after all: play again converted. */
  | { kind: 'undecodable' }
  | { kind: 'failed'; error: unknown };

const ENDED: ReadonlySet<string> = new Set(['session-ended', 'gone', 'ticket-invalid']);

export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof HearthcastError)) return { kind: 'failed', error };
  if (error.code === 'other-copy') return { kind: 'other-copy', note: error.message };
  return ENDED.has(error.code) ? { kind: 'ended' } : { kind: 'failed', error };
}

/** Whether the film was ended by another device of the same person, where it goes on. */
export function isElsewhere(error: unknown): boolean {
  return error instanceof HearthcastError && error.code === 'session-elsewhere';
}

/**
 * How long a film waits for its machine or the server before the player gives up: the session waits a little longer,
 * and goes on by itself when the machine is back.
 */
export const OUTAGE_LIMIT_MS = 125_000;

/** What keeps the film from going on, while it is asked for again and again. */
export type Outage = 'server-away' | 'machine-away' | 'busy';

/** What a failed request for media means by its HTTP status; 0 is no answer at all. Null: asking again cannot help. */
export function outageOf(status: number): Outage | null {
  if (status === 0) return 'server-away';
  if (status === 429) return 'busy';
  return status >= 500 ? 'machine-away' : null;
}

/** Whether an answer refuses for good: asking again would get the same. */
export function isFinal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && outageOf(status) === null;
}

/** Whether a film that has waited since a moment (null: it has not yet) is asked for once more. */
export function mayWait(outage: Outage | null, since: number | null, now: number): boolean {
  return outage !== null && (since === null || now - since < OUTAGE_LIMIT_MS);
}

/** Playing again by itself helps once; right after that, a person decides. */
const REPLAY_EVERY_MS = 60_000;

export function mayReplay(lastReplayAt: number | null, now: number): boolean {
  return lastReplayAt === null || now - lastReplayAt > REPLAY_EVERY_MS;
}

/** The server's own words about a media address; media elements and loaders do not pass them on. Null: it answers well. */
export async function problemAt(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { headers: { range: 'bytes=0-1' } });
    if (!response.ok) return await problemOf(response);
    await response.body?.cancel();
    return null;
  } catch (error) {
    return new Unreachable(error);
  }
}
