import type { Scope } from '../../shared/api/api-keys.ts';
import type { Role } from '../../shared/api/auth.ts';
import type { Bindings } from '../bindings.ts';

/** What is known of who may come in, as one statement reads it. Times in ms since 1970. */
export interface StandingRows {
  /** Sign-ins and API keys that ended since the asked time, at most the asked number of them. */
  ended: { id: string; endedAt: number }[];
  /** Everybody whose account is on. */
  people: PersonStanding[];
  keys: KeyStanding[];
  signing: { generation: number; createdAt: number }[];
}

export interface PersonStanding {
  id: number;
  /** Whose profile it is; null for an account. */
  accountId: number | null;
  name: string;
  role: Role;
  /** Tokens made before this are worth nothing. */
  signedOutAt: number;
  libMask: number | null;
  maxAge: number | null;
}

export interface KeyStanding {
  id: string;
  hash: string;
  userId: number;
  scopes: Scope[];
  expiresAt: number | null;
}

/** One statement, so that keeping an isolate informed costs one: a row is a kind and what it says in JSON. */
const READ = `
  SELECT * FROM (
    SELECT 'ended' AS kind, json_object('id', id, 'endedAt', ended_at) AS value FROM auth_session
    WHERE ended_at IS NOT NULL AND ended_at > ?1 ORDER BY ended_at DESC LIMIT ?2)
  UNION ALL
  SELECT 'people', json_object('id', u.id, 'accountId', u.account_id,
    'name', coalesce(u.profile_name, u.name), 'role', u.role, 'signedOutAt', u.signed_out_at,
    'libMask', r.lib_mask, 'maxAge', r.max_age)
  FROM user u LEFT JOIN user_restriction r ON r.user_id = u.id WHERE u.disabled_at IS NULL
  UNION ALL
  SELECT 'keys', json_object('id', id, 'hash', hash, 'userId', user_id, 'scopes', json(scopes), 'expiresAt', expires_at)
  FROM api_key WHERE ended_at IS NULL
  UNION ALL
  SELECT 'signing', json_object('generation', generation, 'createdAt', created_at) FROM signing_key`;

/** Reads who may come in. `since` and `limit` bound the ended sign-ins, of which the newest are read. */
export async function readStanding(env: Pick<Bindings, 'DB'>, since: number, limit: number): Promise<StandingRows> {
  const { results } = await env.DB.prepare(READ).bind(since, limit).all<{ kind: keyof StandingRows; value: string }>();
  const rows: StandingRows = { ended: [], people: [], keys: [], signing: [] };
  for (const { kind, value } of results) (rows[kind] as unknown[]).push(JSON.parse(value));
  return rows;
}
