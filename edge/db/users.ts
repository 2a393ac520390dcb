import type { Role } from '../../shared/api/auth.ts';
import type { Env } from '../env.ts';

export interface UserRow {
  id: number;
  name: string;
  role: Role;
  password_hash: string;
}

type Db = Pick<Env, 'DB'>;

/** True as soon as there is any user. */
export async function hasUser(env: Db): Promise<boolean> {
  return (await env.DB.prepare('SELECT 1 FROM user LIMIT 1').first()) !== null;
}

/** The user of a name, whatever its case; null where there is none. */
export function userByName(env: Db, name: string): Promise<UserRow | null> {
  return env.DB.prepare('SELECT id, name, role, password_hash FROM user WHERE name = ?').bind(name).first<UserRow>();
}

/** Makes the first owner; null where there is a user already, also one that a racing request has just made. */
export async function insertFirstOwner(
  env: Db,
  owner: { name: string; passwordHash: string },
  now: number,
): Promise<Omit<UserRow, 'password_hash'> | null> {
  // One statement: asking first and inserting then would let two setups both find no user.
  return env.DB.prepare(
    `INSERT INTO user (name, role, password_hash, created_at)
     SELECT ?, 'owner', ?, ? WHERE NOT EXISTS (SELECT 1 FROM user)
     RETURNING id, name, role`,
  )
    .bind(owner.name, owner.passwordHash, now)
    .first<Omit<UserRow, 'password_hash'>>();
}
