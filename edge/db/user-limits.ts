import type { ViewingLimits } from '../../shared/api/limits.ts';
import type { Env } from '../env.ts';

type Db = Pick<Env, 'DB'>;

const NONE: ViewingLimits = { maxStreams: null, maxRemoteKbps: null };

/** How much a person may take; no limit where nobody has set one. */
export async function limitsOf(env: Db, userId: number): Promise<ViewingLimits> {
  const row = await env.DB.prepare(
    'SELECT max_streams AS maxStreams, max_remote_kbps AS maxRemoteKbps FROM user_limit WHERE user_id = ?',
  )
    .bind(userId)
    .first<ViewingLimits>();
  return row ?? NONE;
}

export async function setLimits(env: Db, userId: number, limits: ViewingLimits): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO user_limit (user_id, max_streams, max_remote_kbps) VALUES (?1, ?2, ?3)
     ON CONFLICT (user_id) DO UPDATE SET max_streams = excluded.max_streams, max_remote_kbps = excluded.max_remote_kbps`,
  )
    .bind(userId, limits.maxStreams, limits.maxRemoteKbps)
    .run();
}
