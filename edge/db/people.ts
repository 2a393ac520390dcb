import type { Role } from '../../shared/api/auth.ts';
import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

export interface PersonRow {
  id: number;
  name: string;
  role: Role;
  disabledAt: number | null;
  createdAt: number;
  lastSeenAt: number | null;
  libMask: number | null;
  maxAge: number | null;
}

const SELECT_PERSON = `
  SELECT u.id, u.name, u.role, u.disabled_at AS disabledAt, u.created_at AS createdAt, r.lib_mask AS libMask, r.max_age AS maxAge,
         (SELECT max(max(s.rotated_at, s.created_at)) FROM auth_session s WHERE s.user_id = u.id) AS lastSeenAt
  FROM user u LEFT JOIN user_restriction r ON r.user_id = u.id`;

/** Every account by name. */
export async function allPeople(env: Db): Promise<PersonRow[]> {
  return (await env.DB.prepare(`${SELECT_PERSON} WHERE u.account_id IS NULL ORDER BY u.name`).all<PersonRow>()).results;
}

export function personById(env: Db, id: number): Promise<PersonRow | null> {
  return env.DB.prepare(`${SELECT_PERSON} WHERE u.id = ? AND u.account_id IS NULL`).bind(id).first<PersonRow>();
}

/** True for the statement's user unless they are the last owner who can sign in. */
const NOT_LAST_OWNER = `(role <> 'owner' OR EXISTS (
  SELECT 1 FROM user other WHERE other.role = 'owner' AND other.disabled_at IS NULL AND other.id <> user.id))`;

/** Sets role, restriction, and whether the account is on. False where that would leave no owner, or nobody is there. */
export async function updatePerson(
  env: Db,
  change: { id: number; role: Role; disabled: boolean; libMask: number | null; maxAge: number | null },
  now: number,
): Promise<boolean> {
  const { id, role, disabled, libMask, maxAge } = change;
  const keepsOwner = role === 'owner' && !disabled ? 'true' : NOT_LAST_OWNER;
  const changed = env.DB.prepare(
    `UPDATE user SET role = ?2, disabled_at = CASE WHEN ?3 THEN coalesce(disabled_at, ?4) END
     WHERE id = ?1 AND ${keepsOwner} RETURNING id`,
  ).bind(id, role, disabled ? 1 : 0, now);
  const restricted = env.DB.prepare(
    `INSERT INTO user_restriction (user_id, lib_mask, max_age) SELECT id, ?2, ?4 FROM user WHERE id = ?1 AND role = ?3
     ON CONFLICT (user_id) DO UPDATE SET lib_mask = excluded.lib_mask, max_age = excluded.max_age`,
  ).bind(id, libMask, role, maxAge);
  const [outcome] = await env.DB.batch([changed, restricted]);
  return (outcome?.results.length ?? 0) > 0;
}

/** Tables in which everybody has rows of their own. */
const OWN_TABLES = [
  'user_restriction',
  'user_limit',
  'reset_code',
  'api_key',
  'user_item',
  'user_parent',
  'user_hidden',
  'history',
  'watch_count',
  'watch_day',
  'playlist',
] as const;

/** Deletes an account with its profiles, and all that is theirs. False where that would leave no owner, or nobody is there. */
export async function deletePerson(env: Db, id: number): Promise<boolean> {
  const gone = '(SELECT count(*) FROM user WHERE id = ?1) = 0';
  const [outcome] = await env.DB.batch([
    env.DB.prepare(`DELETE FROM user WHERE id = ?1 AND account_id IS NULL AND ${NOT_LAST_OWNER} RETURNING id`).bind(id),
    env.DB.prepare(`DELETE FROM auth_session WHERE user_id = ?1 AND ${gone}`).bind(id),
    ...deletionsOf(env, id, '(SELECT id FROM user WHERE account_id = ?1 UNION ALL SELECT ?1)', gone),
    env.DB.prepare(`DELETE FROM user WHERE account_id = ?1 AND ${gone}`).bind(id),
  ]);
  return (outcome?.results.length ?? 0) > 0;
}

/** Deletes one profile of an account and what is its own; false where the account has none of this id. */
export async function deleteProfile(env: Db, accountId: number, id: number): Promise<boolean> {
  const gone = '(SELECT count(*) FROM user WHERE id = ?1) = 0';
  const [outcome] = await env.DB.batch([
    env.DB.prepare('DELETE FROM user WHERE id = ?1 AND account_id = ?2 RETURNING id').bind(id, accountId),
    ...deletionsOf(env, id, '(?1)', gone),
  ]);
  return (outcome?.results.length ?? 0) > 0;
}

/** `users` and `condition` are of this file alone, with the id as ?1. */
function deletionsOf(env: Db, id: number, users: string, condition: string): D1PreparedStatement[] {
  const whose = `user_id IN ${users} AND ${condition}`;
  const listed = `DELETE FROM playlist_item WHERE playlist_id IN (SELECT id FROM playlist WHERE ${whose})`;
  const own = OWN_TABLES.map((table) => `DELETE FROM ${table} WHERE ${whose}`);
  return [listed, ...own].map((statement) => env.DB.prepare(statement).bind(id));
}

/** The bits of the libraries that are alive. */
export async function libraryBits(env: Db): Promise<{ id: number; bit: number }[]> {
  return (
    await env.DB.prepare('SELECT id, bit FROM library WHERE deleted_at IS NULL').all<{ id: number; bit: number }>()
  ).results;
}

/** Keeps the one code that resets a person's password. */
export async function putResetCode(env: Db, code: { userId: number; hash: string; expiresAt: number }): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO reset_code (user_id, code_hash, expires_at) VALUES (?1, ?2, ?3)
     ON CONFLICT (user_id) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at`,
  )
    .bind(code.userId, code.hash, code.expiresAt)
    .run();
}

/** Whose reset code it is, without spending it; null for none. */
export async function resetCodeOwner(env: Db, hash: string, now: number): Promise<number | null> {
  return env.DB.prepare('SELECT user_id FROM reset_code WHERE code_hash = ? AND expires_at > ?')
    .bind(hash, now)
    .first<number>('user_id');
}

/** Spends a reset code; null where it was spent or has expired, also a moment ago. */
export async function takeResetCode(env: Db, hash: string, now: number): Promise<number | null> {
  return env.DB.prepare('DELETE FROM reset_code WHERE code_hash = ? AND expires_at > ? RETURNING user_id')
    .bind(hash, now)
    .first<number>('user_id');
}
