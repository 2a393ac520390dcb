import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

export interface BackupRow {
  id: number;
  object: string;
  at: number;
  madeBy: 'schedule' | 'person';
  state: 'running' | 'done' | 'failed';
  bytes: number | null;
  records: number | null;
  error: string | null;
}

/** More than settings allow to keep; failures are among them. */
const MAX_LISTED = 200;

const SELECT = 'SELECT id, object, at, made_by AS madeBy, state, bytes, records, error FROM backup';

/** The newest first. */
export async function allBackups(env: Db): Promise<BackupRow[]> {
  return (await env.DB.prepare(`${SELECT} ORDER BY at DESC, id DESC LIMIT ${MAX_LISTED}`).all<BackupRow>()).results;
}

export function backupById(env: Db, id: number): Promise<BackupRow | null> {
  return env.DB.prepare(`${SELECT} WHERE id = ?`).bind(id).first<BackupRow>();
}

/** Notes a backup that begins; null while another one that began after `since` is running. */
export function beginBackup(
  env: Db,
  { object, madeBy, since }: { object: string; madeBy: BackupRow['madeBy']; since: number },
  now: number,
): Promise<{ id: number } | null> {
  return env.DB.prepare(
    `INSERT INTO backup (object, at, made_by, state) SELECT ?1, ?2, ?3, 'running'
    WHERE NOT EXISTS (SELECT 1 FROM backup WHERE state = 'running' AND at > ?4) RETURNING id`,
  )
    .bind(object, now, madeBy, since)
    .first<{ id: number }>();
}

/** Notes how a backup ended. */
export async function endBackup(
  env: Db,
  id: number,
  end: { bytes: number; records: number } | { error: string },
): Promise<void> {
  const values = 'error' in end ? ['failed', null, null, end.error] : ['done', end.bytes, end.records, null];
  await env.DB.prepare('UPDATE backup SET state = ?2, bytes = ?3, records = ?4, error = ?5 WHERE id = ?1')
    .bind(id, ...values)
    .run();
}

export async function deleteBackupRow(env: Db, id: number): Promise<void> {
  await env.DB.prepare('DELETE FROM backup WHERE id = ?').bind(id).run();
}

/** When the last backup of the schedule began, whatever became of it; null where there was none. */
export async function lastScheduledAt(env: Db): Promise<number | null> {
  const row = await env.DB.prepare(`SELECT max(at) AS at FROM backup WHERE made_by = 'schedule'`).first<{
    at: number | null;
  }>();
  return row?.at ?? null;
}
