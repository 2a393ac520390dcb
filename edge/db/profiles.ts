import type { Role } from '../../shared/api/auth.ts';
import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

/** A profile of an account, or the account itself as the first of its profiles. */
export interface ProfileRow {
  id: number;
  /** The account's own profile has the id of the account. */
  accountId: number;
  name: string;
  role: Role;
  pinHash: string | null;
  pinFailures: number;
  pinTriedAt: number;
  libMask: number | null;
  maxAge: number | null;
}

const SELECT_PROFILE = `
  SELECT u.id, coalesce(u.account_id, u.id) AS accountId, coalesce(u.profile_name, u.name) AS name, u.role,
         u.pin_hash AS pinHash, u.pin_failures AS pinFailures, u.pin_tried_at AS pinTriedAt,
         r.lib_mask AS libMask, r.max_age AS maxAge
  FROM user u LEFT JOIN user_restriction r ON r.user_id = u.id`;

/** The profiles of an account, its own first. */
export async function profilesOf(env: Db, accountId: number): Promise<ProfileRow[]> {
  const { results } = await env.DB.prepare(
    `${SELECT_PROFILE} WHERE u.id = ?1 OR u.account_id = ?1 ORDER BY u.account_id IS NOT NULL, u.id`,
  )
    .bind(accountId)
    .all<ProfileRow>();
  return results;
}

/** One profile of an account; null where it has none of this id. */
export function profileOf(env: Db, accountId: number, id: number): Promise<ProfileRow | null> {
  return env.DB.prepare(`${SELECT_PROFILE} WHERE u.id = ?2 AND coalesce(u.account_id, u.id) = ?1`)
    .bind(accountId, id)
    .first<ProfileRow>();
}

/** Every profile that is not an account's own, by account. */
export async function allProfiles(env: Db): Promise<{ id: number; accountId: number; name: string; role: Role }[]> {
  const { results } = await env.DB.prepare(
    `SELECT id, account_id AS accountId, profile_name AS name, role FROM user WHERE account_id IS NOT NULL ORDER BY id`,
  ).all<{ id: number; accountId: number; name: string; role: Role }>();
  return results;
}

/** All who share an account with a person, that person among them. */
export async function profileNames(
  env: Db,
  userId: number,
): Promise<{ id: number; accountId: number; name: string }[]> {
  const { results } = await env.DB.prepare(
    `SELECT id, coalesce(account_id, id) AS accountId, coalesce(profile_name, name) AS name FROM user
     WHERE coalesce(account_id, id) = (SELECT coalesce(account_id, id) FROM user WHERE id = ?1)`,
  )
    .bind(userId)
    .all<{ id: number; accountId: number; name: string }>();
  return results;
}

interface NewProfile {
  accountId: number;
  /** For the column that is unique over all: nobody signs in by it. */
  internalName: string;
  name: string;
  role: 'member' | 'child';
  pinHash: string | null;
  libMask: number | null;
  maxAge: number | null;
}

/** Adds a profile with what is hidden from its account; null where the name is taken, or there are `max` of an account or `maxUsers` in all. */
export async function insertProfile(
  env: Db,
  profile: NewProfile,
  { max, maxUsers }: { max: number; maxUsers: number },
  now: number,
): Promise<number | null> {
  const { accountId, internalName, name, role, pinHash, libMask, maxAge } = profile;
  const made = '(SELECT id FROM user WHERE name = ?1)';
  const [row] = await env.DB.batch<{ id: number }>([
    env.DB.prepare(
      `INSERT INTO user (name, role, password_hash, created_at, account_id, profile_name, pin_hash)
       SELECT ?1, ?2, '', ?3, ?4, ?5, ?6
       WHERE (SELECT count(*) FROM user WHERE account_id = ?4) < ?7 AND (SELECT count(*) FROM user) < ?8
       ON CONFLICT DO NOTHING RETURNING id`,
    ).bind(internalName, role, now, accountId, name, pinHash, max, maxUsers),
    env.DB.prepare(
      `INSERT INTO user_restriction (user_id, lib_mask, max_age) SELECT id, ?2, ?3 FROM user WHERE name = ?1`,
    ).bind(internalName, libMask, maxAge),
    env.DB.prepare(
      `INSERT INTO user_hidden (user_id, set_id) SELECT ${made}, set_id FROM user_hidden WHERE user_id = ?2 AND ${made} IS NOT NULL`,
    ).bind(internalName, accountId),
  ]);
  return row?.results[0]?.id ?? null;
}

/** Sets what a profile is called and may see; false where the name is taken, or there is none. */
export async function updateProfile(
  env: Db,
  profile: Pick<NewProfile, 'accountId' | 'name' | 'role' | 'libMask' | 'maxAge'> & { id: number },
): Promise<boolean> {
  const { id, accountId, name, role, libMask, maxAge } = profile;
  const [row] = await env.DB.batch([
    env.DB.prepare(
      'UPDATE OR IGNORE user SET profile_name = ?3, role = ?4 WHERE id = ?1 AND account_id = ?2 RETURNING id',
    ).bind(id, accountId, name, role),
    env.DB.prepare(
      `INSERT INTO user_restriction (user_id, lib_mask, max_age)
       SELECT id, ?3, ?4 FROM user WHERE id = ?1 AND account_id = ?2 AND profile_name = ?5
       ON CONFLICT (user_id) DO UPDATE SET lib_mask = excluded.lib_mask, max_age = excluded.max_age`,
    ).bind(id, accountId, libMask, maxAge, name),
  ]);
  return (row?.results.length ?? 0) > 0;
}

/** Sets or takes away a PIN, and forgets the wrong ones. */
export async function setPin(env: Db, id: number, pinHash: string | null): Promise<void> {
  await env.DB.prepare('UPDATE user SET pin_hash = ?2, pin_failures = 0, pin_tried_at = 0 WHERE id = ?1')
    .bind(id, pinHash)
    .run();
}

/**
 * Counts a try before it is judged, so that tries at once are no way around the pause: false where `seen` failures
 * were not the last, that is, somebody tried beside.
 */
export async function countPinTry(env: Db, id: number, seen: number, now: number): Promise<boolean> {
  const { meta } = await env.DB.prepare(
    'UPDATE user SET pin_failures = pin_failures + 1, pin_tried_at = ?3 WHERE id = ?1 AND pin_failures = ?2',
  )
    .bind(id, seen, now)
    .run();
  return meta.changes > 0;
}

/** A PIN was right. */
export async function forgetPinTries(env: Db, id: number): Promise<void> {
  await env.DB.prepare('UPDATE user SET pin_failures = 0, pin_tried_at = 0 WHERE id = ?1').bind(id).run();
}

/** Ends the sign-ins that are in a profile; answers their ids. */
export async function endSessionsIn(env: Db, profileId: number, now: number): Promise<string[]> {
  const { results } = await env.DB.prepare(
    'UPDATE auth_session SET ended_at = ?2 WHERE profile_id = ?1 AND ended_at IS NULL RETURNING id',
  )
    .bind(profileId, now)
    .all<{ id: string }>();
  return results.map(({ id }) => id);
}
