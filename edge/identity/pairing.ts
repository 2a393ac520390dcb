import type { Pairing, PairingDevice, PairingPending } from '../../shared/api/pairing.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import {
  approvePairing,
  insertPairing,
  notePoll,
  type PairingRow,
  pairingOfCode,
  pairingOfDevice,
  takePairing,
} from '../db/pairings.ts';
import { type KnownUser, userById } from '../db/users.ts';
import { hashCode, makeCode } from './codes.ts';
import { toBase64Url } from './sealed.ts';

type Db = Pick<Bindings, 'DB'>;

const LIFE_S = 10 * 60;
const INTERVAL_S = 5;
const MAX_INTERVAL_S = 60;

/** 39 bits for ten minutes, behind a sign-in and its limit. */
const CODE_SIGNS = 8;

/** Devices that wait at once, over the whole deployment. */
const MAX_WAITING = 200;

const VERIFICATION_PATH = '/pair';

/** A device begins to wait. Throws `rate-limited` when too many do. */
export async function startPairing(env: Db, device: string, address: string, now: number): Promise<Pairing> {
  const deviceCode = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const userCode = makeCode(CODE_SIGNS);
  const waits = await insertPairing(
    env,
    {
      deviceHash: await hashOfDeviceCode(deviceCode),
      userCodeHash: await hashCode('pairing', userCode),
      device,
      address,
      createdAt: now,
      expiresAt: now + LIFE_S * 1000,
      intervalS: INTERVAL_S,
    },
    MAX_WAITING,
  );
  if (!waits) throw new HearthcastError('rate-limited', 'Many devices wait to be let in. Try again in ten minutes.');
  return { deviceCode, userCode, verificationPath: VERIFICATION_PATH, expiresIn: LIFE_S, interval: INTERVAL_S };
}

/** What a poll is worth: a pure decision of the pairing and the time. */
export function decidePoll(pairing: PairingRow | null, now: number): 'unknown' | 'too-fast' | 'pending' | 'approved' {
  if (!pairing || pairing.expiresAt <= now || pairing.usedAt !== null) return 'unknown';
  if (now - pairing.polledAt < pairing.intervalS * 1000) return 'too-fast';
  return pairing.approvedBy === null ? 'pending' : 'approved';
}

/**
 * A device asks whether it was let in: as whom, and under which name. Throws `code-invalid` for a code that is
 * unknown, used or expired, and `rate-limited` for a question too early, which doubles the pause.
 */
export async function pollPairing(
  env: Db,
  deviceCode: string,
  now: number,
): Promise<PairingPending | { user: KnownUser; device: string }> {
  const hash = await hashOfDeviceCode(deviceCode);
  const pairing = await pairingOfDevice(env, hash);
  switch (decidePoll(pairing, now)) {
    case 'too-fast': {
      const retryAfterS = Math.min(MAX_INTERVAL_S, (pairing?.intervalS ?? INTERVAL_S) * 2);
      await notePoll(env, hash, now, retryAfterS);
      throw new HearthcastError('rate-limited', `Ask again in ${retryAfterS} seconds.`, { retryAfterS });
    }
    case 'pending': {
      const interval = pairing?.intervalS ?? INTERVAL_S;
      await notePoll(env, hash, now, interval);
      return { status: 'pending', interval };
    }
    case 'approved': {
      const user = await userById(env, pairing?.approvedBy ?? 0);
      if (!pairing || !user || user.disabledAt !== null || !(await takePairing(env, hash, now))) throw overdue();
      return { user: { id: user.id, name: user.name, role: user.role }, device: pairing.device };
    }
    default:
      throw overdue();
  }
}

/** The device that waits with a code. Throws `code-invalid`. */
export async function showPairing(env: Db, userCode: string, now: number): Promise<PairingDevice> {
  const pairing = await pairingOfCode(env, await hashCode('pairing', userCode), now);
  if (!pairing) throw overdue();
  return { device: pairing.device, address: pairing.address, expiresAt: pairing.expiresAt };
}

/** Lets the device in that waits with a code; answers its name. Throws `code-invalid`. */
export async function admitDevice(env: Db, userCode: string, userId: number, now: number): Promise<string> {
  const device = await approvePairing(env, await hashCode('pairing', userCode), userId, now);
  if (device === null) throw overdue();
  return device;
}

async function hashOfDeviceCode(code: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code))));
}

const overdue = () =>
  new HearthcastError('code-invalid', 'This code is wrong, used or expired. Begin again on the device.');
