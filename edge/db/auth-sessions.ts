import type { Role } from '../../shared/api/auth.ts';
import type { Env } from '../env.ts';

type Db = Pick<Env, 'DB'>;

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
         s.expires_at AS expiresAt, s.ended_at AS endedAt, u.id AS userId, u.name, u.role
  FROM auth_session s JOIN user u ON u.id = s.user_id WHERE s.id = ?`;

export async function insertAuthSession(
  env: Db,
  session: { id: string; userId: number; device: string; refreshHash: string; createdAt: number; expiresAt: number },
): Promise<void> {
  // Never rotated: the first refresh is not held back by the pause between two rotations.
  await env.DB.prepare(
    `INSERT INTO auth_session (id, user_id, device, refresh_hash, rotated_at, created_at, expires_at)
     VALUES (?, ?, ?, ?, 0, ?, ?)`,
  )
    .bind(session.id, session.userId, session.device, session.refreshHash, session.createdAt, session.expiresAt)
    .run();
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

/** Ends the session that a refresh token's hash belongs to; answers its id, or null where there is none. */
export async function endAuthSessionByHash(env: Db, hash: string, now: number): Promise<string | null> {
  return env.DB.prepare(
    `UPDATE auth_session SET ended_at = ?1
     WHERE (refresh_hash = ?2 OR previous_hash = ?2) AND ended_at IS NULL RETURNING id`,
  )
    .bind(now, hash)
    .first<string>('id');
}

/** Sessions that ended after a time, the newest first. */
export async function sessionsEndedSince(
  env: Db,
  since: number,
  limit: number,
): Promise<{ id: string; endedAt: number }[]> {
  const { results } = await env.DB.prepare(
    `SELECT id, ended_at AS endedAt FROM auth_session
     WHERE ended_at IS NOT NULL AND ended_at > ? ORDER BY ended_at DESC LIMIT ?`,
  )
    .bind(since, limit)
    .all<{ id: string; endedAt: number }>();
  return results;
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
