import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

export interface PairingRow {
  device: string;
  address: string;
  expiresAt: number;
  /** When the device asked last, in ms since 1970. */
  polledAt: number;
  intervalS: number;
  approvedBy: number | null;
  usedAt: number | null;
}

const SELECT_PAIRING = `
  SELECT device, address, expires_at AS expiresAt, polled_at AS polledAt, interval_s AS intervalS,
         approved_by AS approvedBy, used_at AS usedAt FROM pairing`;

/** Adds a device that waits, unless `max` wait; answers whether it did. */
export async function insertPairing(
  env: Db,
  pairing: {
    deviceHash: string;
    userCodeHash: string;
    device: string;
    address: string;
    createdAt: number;
    expiresAt: number;
    intervalS: number;
  },
  max: number,
): Promise<boolean> {
  const { deviceHash, userCodeHash, device, address, createdAt, expiresAt, intervalS } = pairing;
  const { meta } = await env.DB.prepare(
    `INSERT INTO pairing (device_hash, user_code_hash, device, address, created_at, expires_at, interval_s)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 WHERE (SELECT count(*) FROM pairing WHERE expires_at > ?5) < ?8`,
  )
    .bind(deviceHash, userCodeHash, device, address, createdAt, expiresAt, intervalS, max)
    .run();
  return meta.changes > 0;
}

export function pairingOfDevice(env: Db, deviceHash: string): Promise<PairingRow | null> {
  return env.DB.prepare(`${SELECT_PAIRING} WHERE device_hash = ?`).bind(deviceHash).first<PairingRow>();
}

/** The device that waits with a code; null for none. */
export function pairingOfCode(env: Db, userCodeHash: string, now: number): Promise<PairingRow | null> {
  return env.DB.prepare(`${SELECT_PAIRING} WHERE user_code_hash = ? AND expires_at > ? AND approved_by IS NULL`)
    .bind(userCodeHash, now)
    .first<PairingRow>();
}

export async function notePoll(env: Db, deviceHash: string, now: number, intervalS: number): Promise<void> {
  await env.DB.prepare('UPDATE pairing SET polled_at = ?2, interval_s = ?3 WHERE device_hash = ?1')
    .bind(deviceHash, now, intervalS)
    .run();
}

/** Lets a waiting device in as a person; answers its name, or null where none waits with the code. */
export async function approvePairing(
  env: Db,
  userCodeHash: string,
  userId: number,
  now: number,
): Promise<string | null> {
  return env.DB.prepare(
    `UPDATE pairing SET approved_by = ?2 WHERE user_code_hash = ?1 AND expires_at > ?3 AND approved_by IS NULL
     RETURNING device`,
  )
    .bind(userCodeHash, userId, now)
    .first<string>('device');
}

/** Spends an approval; false where it was spent already. */
export async function takePairing(env: Db, deviceHash: string, now: number): Promise<boolean> {
  const { meta } = await env.DB.prepare(
    'UPDATE pairing SET used_at = ?2 WHERE device_hash = ?1 AND approved_by IS NOT NULL AND used_at IS NULL',
  )
    .bind(deviceHash, now)
    .run();
  return meta.changes > 0;
}

/** Deletes at most `limit` pairings that expired before a time; answers how many. */
export async function deletePairingsBefore(env: Db, before: number, limit: number): Promise<number> {
  const { meta } = await env.DB.prepare(
    'DELETE FROM pairing WHERE device_hash IN (SELECT device_hash FROM pairing WHERE expires_at < ? LIMIT ?)',
  )
    .bind(before, limit)
    .run();
  return meta.changes;
}
