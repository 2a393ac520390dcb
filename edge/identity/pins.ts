import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import { countPinTry, forgetPinTries, type ProfileRow } from '../db/profiles.ts';
import { verifyPassword } from './passwords.ts';

/** Wrong PINs in a row that cost nothing: fingers slip. */
const FREE_TRIES = 4;

const FIRST_PAUSE_MS = 60_000;

/** Half of 10,000 PINs take seven months at this pace. The account's password opens the profile meanwhile. */
const LONGEST_PAUSE_MS = 60 * 60_000;

/** For how long no PIN is taken after so many wrong ones in a row, in ms. */
export function pinPause(failures: number): number {
  return failures <= FREE_TRIES ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - FREE_TRIES - 1));
}

/** Throws `wrong-credentials` for a wrong PIN, and `rate-limited` while no PIN is taken. */
export async function provePin(
  env: Pick<Bindings, 'DB' | 'PASSWORDS'>,
  profile: Pick<ProfileRow, 'id' | 'pinHash' | 'pinFailures' | 'pinTriedAt'>,
  pin: string,
  now: number,
): Promise<void> {
  const waitMs = profile.pinTriedAt + pinPause(profile.pinFailures) - now;
  if (waitMs > 0) throw pause(waitMs);
  // Counted before it is verified: while one is hashed, another must not be tried for nothing.
  if (!(await countPinTry(env, profile.id, profile.pinFailures, now))) throw pause(1000);
  if (!(await verifyPassword(env, pin, profile.pinHash))) {
    throw new HearthcastError('wrong-credentials', 'The PIN is wrong.');
  }
  await forgetPinTries(env, profile.id);
}

const pause = (waitMs: number) =>
  new HearthcastError('rate-limited', 'Too many wrong PINs. Wait a while, or use the account’s password.', {
    retryAfterS: Math.ceil(waitMs / 1000),
  });
