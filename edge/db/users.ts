import type { Role } from '../../shared/api/auth.ts';
import type { Bindings } from '../bindings.ts';

export interface UserRow {
  id: number;
  name: string;
  role: Role;
  passwordHash: string;
  disabledAt: number | null;
}

/** A user without what proves them. */
export type KnownUser = Pick<UserRow, 'id' | 'name' | 'role'>;

type Db = Pick<Bindings, 'DB'>;

const SELECT_USER = 'SELECT id, name, role, password_hash AS passwordHash, disabled_at AS disabledAt FROM user';

/** True as soon as there is any user. */
export async function hasUser(env: Db): Promise<boolean> {
  return (await env.DB.prepare('SELECT 1 FROM user LIMIT 1').first()) !== null;
}

/** The user of a name, whatever its case; null where there is none. */
export function userByName(env: Db, name: string): Promise<UserRow | null> {
  return env.DB.prepare(`${SELECT_USER} WHERE name = ? AND account_id IS NULL`).bind(name).first<UserRow>();
}

/** An account by its id; profiles have no password to ask for. */
export function userById(env: Db, id: number): Promise<UserRow | null> {
  return env.DB.prepare(`${SELECT_USER} WHERE id = ? AND account_id IS NULL`).bind(id).first<UserRow>();
}

/** Makes the first owner; null where there is a user already, also one that a racing request has just made. */
export async function insertFirstOwner(
  env: Db,
  owner: { name: string; passwordHash: string },
  now: number,
): Promise<KnownUser | null> {
  // One statement: asking first and inserting then would let two setups both find no user.
  return env.DB.prepare(
    `INSERT INTO user (name, role, password_hash, created_at)
     SELECT ?, 'owner', ?, ? WHERE NOT EXISTS (SELECT 1 FROM user)
     RETURNING id, name, role`,
  )
    .bind(owner.name, owner.passwordHash, now)
    .first<KnownUser>();
}

/** Makes a user with their restriction; null where the name is taken or there are `max` users. */
export async function insertUser(
  env: Db,
  user: { name: string; role: Role; passwordHash: string; libMask: number | null; maxAge: number | null },
  max: number,
  now: number,
): Promise<KnownUser | null> {
  const [made] = await env.DB.batch<KnownUser>([
    env.DB.prepare(
      `INSERT INTO user (name, role, password_hash, created_at)
       SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM user) < ?5
       ON CONFLICT (name) DO NOTHING RETURNING id, name, role`,
    ).bind(user.name, user.role, user.passwordHash, now, max),
    // The hash is salted, so it is this user's alone: nobody who had the name before is restricted by it.
    env.DB.prepare(
      `INSERT INTO user_restriction (user_id, lib_mask, max_age)
       SELECT id, ?2, ?3 FROM user WHERE password_hash = ?1 AND (?2 IS NOT NULL OR ?3 IS NOT NULL)`,
    ).bind(user.passwordHash, user.libMask, user.maxAge),
  ]);
  return made?.results[0] ?? null;
}

/** Sets a password, and makes every token and code from before it worthless. */
export async function setPassword(env: Db, userId: number, passwordHash: string, now: number): Promise<void> {
  await env.DB.batch([
    env.DB.prepare('UPDATE user SET password_hash = ?2, signed_out_at = ?3 WHERE id = ?1').bind(
      userId,
      passwordHash,
      now,
    ),
    env.DB.prepare('DELETE FROM reset_code WHERE user_id = ?').bind(userId),
  ]);
}
