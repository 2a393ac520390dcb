import type { Context } from 'hono';
import { HearthcastError } from '../../shared/errors.ts';
import { isKnownAddress } from '../db/auth-sessions.ts';
import { addressOf, householdOf } from './address.ts';
import type { AppEnv } from './context.ts';
import { knownDevice } from './known-device.ts';

/** The period of every limit in wrangler.toml, in seconds. */
const PERIOD_S = 60;

type Purpose = 'setup' | 'login' | 'enrolment' | 'invitation' | 'reset' | 'pairing' | 'password';

/**
 * Counts an attempt to prove a password or a code, before anything is hashed: of one name from one network, of all
 * guesses from one network, and of one name from everywhere. The last could lock a person out who did nothing, so
 * it does not hold where they are signed in already; and a browser that they signed in with before is counted by
 * itself, whatever others do. Throws `rate-limited`.
 */
export async function limitAttempts(c: Context<AppEnv>, purpose: Purpose, target: string): Promise<void> {
  const device = purpose === 'login' ? await knownDevice(c, target) : null;
  if (device !== null) {
    if (await isWithin(c.env.LOGIN_LIMIT, `sign-ins on ${device}`)) return;
    throw tooMany('Too many attempts. Wait a minute and try again.');
  }
  const network = householdOf(c);
  // A code is no name: whoever guesses codes changes it each time.
  const name = purpose === 'login' || purpose === 'password' ? target.toLowerCase() : '';
  const allowed = await Promise.all([
    isWithin(c.env.LOGIN_LIMIT, `${purpose} of ${name} from ${network}`),
    isWithin(c.env.GUESS_LIMIT, `guesses from ${network}`),
  ]);
  if (allowed.includes(false)) throw tooMany('Too many attempts. Wait a minute and try again.');
  if (purpose !== 'login' || (await isWithin(c.env.GUESS_LIMIT, `guesses of ${name}`))) return;
  if (c.env.ADDRESSES === 'unproven' || !(await isKnownAddress(c.env, target, addressOf(c)))) {
    throw tooMany('Too many attempts for this name. Try from where you are signed in, or wait a minute.');
  }
}

/**
 * Counts a request that changes something, by person, or by network where nobody is signed in. Where addresses prove
 * nothing strangers are not told apart: a limit that they share with all who renew their sign-in would be one that
 * anybody fills for everybody, so only guesses are counted there. Throws `rate-limited`.
 */
export async function limitChanges(c: Context<AppEnv>, userId: number | null): Promise<void> {
  if (userId === null && c.env.ADDRESSES === 'unproven') return;
  const key = userId === null ? `from ${householdOf(c)}` : `by ${userId}`;
  if (!(await isWithin(c.env.CHANGE_LIMIT, key))) throw tooMany('Too many requests. Wait a minute and try again.');
}

/** Counts a request that reads, by account: grids with their pictures stay far below. Throws `rate-limited`. */
export async function limitReads(c: Context<AppEnv>, accountId: number): Promise<void> {
  if (!(await isWithin(c.env.READ_LIMIT, `by ${accountId}`))) {
    throw tooMany('Too many requests. Wait a minute and try again.');
  }
}

/**
 * Counts what comes in the name of a machine, by network, before a token is looked at: one that is made up costs a look
 * into the database, or an object. A machine that sends its whole library stays far below. Throws `rate-limited`.
 */
export async function limitMachines(c: Context<AppEnv>): Promise<void> {
  if (c.env.ADDRESSES === 'unproven') return;
  if (!(await isWithin(c.env.READ_LIMIT, `machines from ${householdOf(c)}`))) {
    throw tooMany('Too many requests of machines. Wait a minute and try again.');
  }
}

/** Counts a call of a webhook: of each address by itself, and whatever is none as a guess. Throws `rate-limited`. */
export async function limitHook(c: Context<AppEnv>, hash: string | null): Promise<void> {
  const allowed = await Promise.all([
    hash === null || isWithin(c.env.LOGIN_LIMIT, `webhook ${hash}`),
    isWithin(c.env.GUESS_LIMIT, `webhooks from ${householdOf(c)}`),
  ]);
  if (allowed.includes(false)) throw tooMany('Too many calls. Wait a minute and try again.');
}

async function isWithin(limit: RateLimit, key: string): Promise<boolean> {
  return (await limit.limit({ key })).success;
}

const tooMany = (detail: string) => new HearthcastError('rate-limited', detail, { retryAfterS: PERIOD_S });
