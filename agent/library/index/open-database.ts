import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { INDEX_VERSION, PRAGMAS, SCHEMA } from './schema.ts';

/**
 * Opens the index, or makes a new one where there is none, where its version is another, or where SQLite says
 * that it is broken. Nothing in it is anybody's work: a scan writes it again, under a new epoch.
 * Throws the file system's error when the folder cannot be written.
 */
export function openDatabase(file: string, log: Logger): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file);
    database.exec(PRAGMAS);
    const version = (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
    if (version === 0) create(database);
    else if (version !== INDEX_VERSION)
      throw new Error(`it has version ${version}, this program wants ${INDEX_VERSION}`);
    const check = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
    if (check.quick_check !== 'ok') throw new Error(check.quick_check);
    return database;
  } catch (error) {
    database?.close();
    if (isRefusal(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ file, reason }, 'The index cannot be read; it is made anew and every folder is scanned again.');
    for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
    const fresh = new DatabaseSync(file);
    fresh.exec(PRAGMAS);
    create(fresh);
    return fresh;
  }
}

function create(database: DatabaseSync): void {
  database.exec('BEGIN');
  database.exec(SCHEMA);
  const put = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
  put.run('epoch', newEpoch());
  put.run('revision', '0');
  database.exec(`PRAGMA user_version = ${INDEX_VERSION}`);
  database.exec('COMMIT');
}

/** 96 random bits: an index that was lost and made again never continues another's revisions. */
export function newEpoch(): string {
  return randomBytes(12).toString('base64url');
}

/** The folder's fault, not the file's: making a new one would fail too. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error &&
    /unable to open database file|readonly|disk is full|database is locked/i.test(error.message)
  );
}
