import type { Backup } from '../../shared/api/backups.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import {
  allBackups,
  type BackupRow,
  backupById,
  beginBackup,
  deleteBackupRow,
  endBackup,
  lastScheduledAt,
} from '../db/backups.ts';
import { hasUser } from '../db/users.ts';
import { randomId } from '../identity/sealed.ts';
import { backupLines } from './backup-export.ts';
import { isBackupDue } from './backup-schedule.ts';
import { readSettings } from './settings.ts';
import { storeParts } from './store-parts.ts';

type Surroundings = Pick<Bindings, 'DB' | 'BACKUPS' | 'SERVER_NAME'>;

/** A Worker's cron may run this long; a backup that has not ended by then was killed. */
const LIMIT_MS = 15 * 60_000;

/** All backups that are kept, the newest first. */
export async function listBackups(env: Surroundings, now: number): Promise<Backup[]> {
  return (await allBackups(env)).map((row) => show(row, now));
}

/**
 * Makes a backup in the bucket and lets the oldest go that are too many. Throws `conflict` while one is being made.
 * A failure is kept in the list with its reason.
 */
export async function makeBackup(env: Surroundings, madeBy: BackupRow['madeBy'], now: number): Promise<Backup> {
  const settings = await readSettings(env);
  // Nobody can guess the name of a file that holds every password's hash.
  const object = `${new Date(now).toISOString().replaceAll(':', '-')}-${randomId('')}.ndjson.gz`;
  const begun = await beginBackup(env, { object, madeBy, since: now - LIMIT_MS }, now);
  if (!begun) throw new HearthcastError('conflict', 'A backup is being made already.');
  try {
    let records = 0;
    const bytes = await storeParts(
      env.BACKUPS,
      object,
      backupFile(env, settings.serverName, now, () => records++),
    );
    // The head and the end are lines as well.
    await endBackup(env, begun.id, { bytes, records: records - 2 });
  } catch (error) {
    await endBackup(env, begun.id, { error: error instanceof Error ? error.message.slice(0, 200) : 'unknown' });
    throw error;
  }
  await letGo(env, settings.backupKeep);
  return show((await backupById(env, begun.id)) as BackupRow, now);
}

/** Makes the backup that the schedule asks for, if it does. Called by the cron trigger. */
export async function makeDueBackup(env: Surroundings, now: number): Promise<void> {
  const { backupEvery } = await readSettings(env);
  if (!isBackupDue(backupEvery, await lastScheduledAt(env), now) || !(await hasUser(env))) return;
  await makeBackup(env, 'schedule', now);
}

/** The file of a backup. Throws `not-found`. */
export async function openBackup(env: Surroundings, id: string): Promise<{ at: number; file: R2ObjectBody }> {
  const row = await backupById(env, Number(id));
  const file = row?.state === 'done' ? await env.BACKUPS.get(row.object) : null;
  if (!row || !file) throw new HearthcastError('not-found');
  return { at: row.at, file };
}

/** Deletes a backup and its file. Throws `not-found`, and `conflict` while it is being made. */
export async function deleteBackup(env: Surroundings, id: string, now: number): Promise<Backup> {
  const row = await backupById(env, Number(id));
  if (!row) throw new HearthcastError('not-found');
  if (stateOf(row, now) === 'running') throw new HearthcastError('conflict', 'It is being made.');
  await remove(env, row);
  return show(row, now);
}

/** A backup as gzipped JSON lines, read from the database as it is taken. */
export function backupFile(
  env: Surroundings,
  server: string,
  now: number,
  onLine: () => void = () => {},
): ReadableStream<Uint8Array> {
  const lines = backupLines(env, server, now);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const parts: string[] = [];
      // Lines are short: one at a time would cost more than it carries.
      while (parts.length < LINES_AT_ONCE) {
        const next = await lines.next();
        if (next.done) {
          controller.enqueue(encoder.encode(parts.join('')));
          controller.close();
          return;
        }
        onLine();
        parts.push(next.value, '\n');
      }
      controller.enqueue(encoder.encode(parts.join('')));
    },
    async cancel() {
      await lines.return(undefined);
    },
  }).pipeThrough(new CompressionStream('gzip'));
}

const LINES_AT_ONCE = 2000;

async function letGo(env: Surroundings, keep: number): Promise<void> {
  const done = (await allBackups(env)).filter((row) => row.state === 'done');
  for (const row of done.slice(keep)) await remove(env, row);
  const failed = (await allBackups(env)).filter((row) => row.state === 'failed');
  for (const row of failed.slice(keep)) await remove(env, row);
}

async function remove(env: Surroundings, row: BackupRow): Promise<void> {
  await env.BACKUPS.delete(row.object);
  await deleteBackupRow(env, row.id);
}

const stateOf = (row: BackupRow, now: number) =>
  row.state === 'running' && row.at < now - LIMIT_MS ? ('failed' as const) : row.state;

function show(row: BackupRow, now: number): Backup {
  const state = stateOf(row, now);
  const error = state === 'failed' && row.error === null ? 'It did not come to its end.' : row.error;
  const { at, madeBy, bytes, records } = row;
  return { id: String(row.id), at, madeBy, state, bytes, records, error };
}
