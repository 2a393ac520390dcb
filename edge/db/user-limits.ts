import type { ViewingLimits } from '../../shared/api/limits.ts';
import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

/** What was set for a person; null where nothing was. */
export async function ownLimits(env: Db, userId: number): Promise<ViewingLimits | null> {
  return env.DB.prepare(
    'SELECT max_streams AS maxStreams, max_remote_kbps AS maxRemoteKbps FROM user_limit WHERE user_id = ?',
  )
    .bind(userId)
    .first<ViewingLimits>();
}

export async function setLimits(env: Db, userId: number, limits: ViewingLimits): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO user_limit (user_id, max_streams, max_remote_kbps) VALUES (?1, ?2, ?3)
     ON CONFLICT (user_id) DO UPDATE SET max_streams = excluded.max_streams, max_remote_kbps = excluded.max_remote_kbps`,
  )
    .bind(userId, limits.maxStreams, limits.maxRemoteKbps)
    .run();
}

/** What holds for everybody holds for this person again. */
export async function dropLimits(env: Db, userId: number): Promise<void> {
  await env.DB.prepare('DELETE FROM user_limit WHERE user_id = ?').bind(userId).run();
}
