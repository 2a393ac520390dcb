import type { Role } from '../../shared/api/auth.ts';
import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

export interface AuthSessionRow {
  refreshHash: string;
  previousHash: string | null;
  rotatedAt: number;
  expiresAt: number;
  endedAt: number | null;
  userId: number;
  name: string;
  role: Role;
}

const SELECT_SESSION = `
  SELECT s.refresh_hash AS refreshHash, s.previous_hash AS previousHash, s.rotated_at AS rotatedAt,
         s.expires_at AS expiresAt, s.ended_at AS endedAt, u.id AS userId, coalesce(u.profile_name, u.name) AS name, u.role
  FROM auth_session s JOIN user u ON u.id = coalesce(s.profile_id, s.user_id) WHERE s.id = ?`;

/** Open sign-ins of one account; above it the one that was used longest ago ends. */
const MAX_SESSIONS = 50;

/** Opens a sign-in; answers the ids of those that it ended by being one too many. */
export async function insertAuthSession(
  env: Db,
  session: {
    id: string;
    /** The account. */
    userId: number;
    /** The profile that it is in; null is the account's own. */
    profileId: number | null;
    device: string;
    address: string;
    refreshHash: string;
    createdAt: number;
    expiresAt: number;
  },
): Promise<string[]> {
  const { id, userId, profileId, device, address, refreshHash, createdAt, expiresAt } = session;
  const [, ended] = await env.DB.batch<{ id: string }>([
    // Never rotated: the first refresh is not held back by the pause between two rotations.
    env.DB.prepare(
      `INSERT INTO auth_session (id, user_id, profile_id, device, address, refresh_hash, rotated_at, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)`,
    ).bind(id, userId, profileId, device, address, refreshHash, createdAt, expiresAt),
    env.DB.prepare(
      `UPDATE auth_session SET ended_at = ?2 WHERE ended_at IS NULL AND id IN (
         SELECT id FROM auth_session WHERE user_id = ?1 AND ended_at IS NULL
         ORDER BY max(created_at, rotated_at) DESC LIMIT -1 OFFSET ?3) RETURNING id`,
    ).bind(userId, createdAt, MAX_SESSIONS),
  ]);
  return ended?.results.map((row) => row.id) ?? [];
}

/**
 * Replaces the current refresh token, if it is the presented one and was not made after `rotatedBefore`, and
 * answers the session as it is then: one transaction, so that of two racing tabs the second sees what the first did.
 */
export async function rotateAuthSession(
  env: Db,
  rotation: { id: string; presented: string; next: string; now: number; rotatedBefore: number; expiresAt: number },
): Promise<AuthSessionRow | null> {
  const { id, presented, next, now, rotatedBefore, expiresAt } = rotation;
  const [, after] = await env.DB.batch<AuthSessionRow>([
    env.DB.prepare(
      `UPDATE auth_session SET previous_hash = refresh_hash, refresh_hash = ?, rotated_at = ?, expires_at = ?
       WHERE id = ? AND refresh_hash = ? AND rotated_at <= ? AND ended_at IS NULL AND expires_at > ?`,
    ).bind(next, now, expiresAt, id, presented, rotatedBefore, now),
    env.DB.prepare(SELECT_SESSION).bind(id),
  ]);
  return after?.results[0] ?? null;
}

/** Ends a session for good; an ended one keeps the time of its end. */
export async function endAuthSession(env: Db, id: string, now: number): Promise<void> {
  await env.DB.prepare('UPDATE auth_session SET ended_at = ? WHERE id = ? AND ended_at IS NULL').bind(now, id).run();
}

/** Ends the session that a refresh token's hash belongs to; answers it and whose it was, or null where there is none. */
export async function endAuthSessionByHash(
  env: Db,
  hash: string,
  now: number,
): Promise<{ authSessionId: string; userId: number; name: string } | null> {
  return env.DB.prepare(
    `UPDATE auth_session SET ended_at = ?1
     WHERE (refresh_hash = ?2 OR previous_hash = ?2) AND ended_at IS NULL
     RETURNING id AS authSessionId, coalesce(profile_id, user_id) AS userId,
       (SELECT coalesce(profile_name, name) FROM user WHERE id = coalesce(profile_id, user_id)) AS name`,
  )
    .bind(now, hash)
    .first();
}

export interface DeviceRow {
  id: string;
  device: string;
  address: string | null;
  createdAt: number;
  lastUsedAt: number;
}

/** A person's open sign-ins, the last used first. */
export async function openSessionsOf(env: Db, userId: number, now: number): Promise<DeviceRow[]> {
  const { results } = await env.DB.prepare(
    `SELECT id, device, address, created_at AS createdAt, max(created_at, rotated_at) AS lastUsedAt
     FROM auth_session WHERE user_id = ? AND ended_at IS NULL AND expires_at > ? ORDER BY lastUsedAt DESC, id`,
  )
    .bind(userId, now)
    .all<DeviceRow>();
  return results;
}

/** By what a person, or who is in a profile, comes in: the ids of open sign-ins, and of API keys. */
export async function waysInOf(env: Db, userId: number, now: number): Promise<string[]> {
  const { results } = await env.DB.prepare(
    `SELECT id FROM auth_session WHERE (user_id = ?1 OR profile_id = ?1) AND ended_at IS NULL AND expires_at > ?2
     UNION ALL SELECT id FROM api_key WHERE user_id = ?1 AND ended_at IS NULL`,
  )
    .bind(userId, now)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}

/** Ends one sign-in of a person; answers the device's name, or null where it is none of theirs. */
export async function endOwnSession(env: Db, userId: number, id: string, now: number): Promise<string | null> {
  return env.DB.prepare(
    'UPDATE auth_session SET ended_at = ? WHERE id = ? AND user_id = ? AND ended_at IS NULL RETURNING device',
  )
    .bind(now, id, userId)
    .first<string>('device');
}

/**
 * Ends all sign-ins of a person but one, if it is named, and those that a television was promised and has not taken up;
 * answers the ids of those that ended.
 */
export async function endSessionsOf(env: Db, userId: number, keep: string | null, now: number): Promise<string[]> {
  const [ended] = await env.DB.batch<{ id: string }>([
    env.DB.prepare(
      'UPDATE auth_session SET ended_at = ? WHERE user_id = ? AND ended_at IS NULL AND id IS NOT ? RETURNING id',
    ).bind(now, userId, keep),
    env.DB.prepare('DELETE FROM pairing WHERE approved_by = ? AND used_at IS NULL').bind(userId),
  ]);
  return ended?.results.map(({ id }) => id) ?? [];
}

/** Whether a person of a name has signed in from an address and is still signed in there. */
export async function isKnownAddress(env: Db, name: string, address: string): Promise<boolean> {
  const row = await env.DB.prepare(
    `SELECT 1 FROM auth_session s JOIN user u ON u.id = s.user_id
     WHERE u.name = ? AND s.address = ? AND s.ended_at IS NULL LIMIT 1`,
  )
    .bind(name, address)
    .first();
  return row !== null;
}

/** Deletes at most `limit` sessions that ended or expired before a time; answers how many. */
export async function deleteAuthSessionsBefore(env: Db, before: number, limit: number): Promise<number> {
  const { meta } = await env.DB.prepare(
    `DELETE FROM auth_session WHERE id IN (
       SELECT id FROM auth_session WHERE expires_at < ?1 OR ended_at < ?1 LIMIT ?2)`,
  )
    .bind(before, limit)
    .run();
  return meta.changes;
}
