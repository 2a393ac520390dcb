import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

export interface ApiKeyRow {
  id: string;
  name: string;
  prefix: string;
  /** A JSON array. */
  scopes: string;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
}

/** Adds a key, unless its person has `max` already; answers whether it did. */
export async function insertApiKey(
  env: Db,
  key: ApiKeyRow & { userId: number; hash: string },
  max: number,
): Promise<boolean> {
  const { meta } = await env.DB.prepare(
    `INSERT INTO api_key (id, user_id, name, prefix, hash, scopes, created_at, expires_at)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8
     WHERE (SELECT count(*) FROM api_key WHERE user_id = ?2 AND ended_at IS NULL) < ?9`,
  )
    .bind(key.id, key.userId, key.name, key.prefix, key.hash, key.scopes, key.createdAt, key.expiresAt, max)
    .run();
  return meta.changes > 0;
}

/** The live keys of a person, the newest first. */
export async function apiKeysOf(env: Db, userId: number): Promise<ApiKeyRow[]> {
  const { results } = await env.DB.prepare(
    `SELECT id, name, prefix, scopes, created_at AS createdAt, expires_at AS expiresAt, last_used_at AS lastUsedAt
     FROM api_key WHERE user_id = ? AND ended_at IS NULL ORDER BY created_at DESC, id`,
  )
    .bind(userId)
    .all<ApiKeyRow>();
  return results;
}

/** Ends a person's key; answers its name, or null where there is none. */
export async function endApiKey(env: Db, userId: number, id: string, now: number): Promise<string | null> {
  return env.DB.prepare(
    'UPDATE api_key SET ended_at = ?1 WHERE id = ?2 AND user_id = ?3 AND ended_at IS NULL RETURNING name',
  )
    .bind(now, id, userId)
    .first<string>('name');
}

/** Writes when a key was used, at most once in `everyMs` over all isolates. */
export async function noteApiKeyUse(env: Db, id: string, now: number, everyMs: number): Promise<void> {
  await env.DB.prepare(
    'UPDATE api_key SET last_used_at = ?1 WHERE id = ?2 AND (last_used_at IS NULL OR last_used_at <= ?1 - ?3)',
  )
    .bind(now, id, everyMs)
    .run();
}
