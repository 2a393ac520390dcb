import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import type { Row } from '../db/backup-rows.ts';
import {
  beginRestoration,
  finishRestoration,
  freeLibraryBit,
  type RestoredTable,
  restoredNumbers,
  restoreRows,
} from '../db/restore-rows.ts';
import { MAX_LIBRARIES } from '../db/roots.ts';
import { hideFrom } from '../db/scopes.ts';
import { hasUser } from '../db/users.ts';
import { readBackup } from './backup-lines.ts';
import { KEPT_TABLES } from './backup-tables.ts';

/** Rows of one statement. */
const CHUNK = 500;

/** People are held until the end: more of them than this make no household. */
const MAX_PEOPLE = 5000;

type Db = Pick<Bindings, 'DB'>;

/**
 * Fills a deployment that nobody uses yet from a backup. People come last and at once: until then the deployment is
 * as empty as before, and a restoration that failed can be repeated. Answers how many rows of each table came back.
 * Throws `setup-done` where there is somebody, `bad-request` for a file that is no backup.
 */
export async function restoreBackup(env: Db, file: ReadableStream<Uint8Array>): Promise<Record<string, number>> {
  if (await hasUser(env)) throw new HearthcastError('setup-done');
  await beginRestoration(env);
  const counts: Record<string, number> = {};
  const people: Row[] = [];
  const hidden: Row[] = [];
  for await (const { kind, rows } of chunks(file)) {
    counts[kind] = (counts[kind] ?? 0) + (await take(env, kind, rows, people, hidden));
  }
  if (!people.some((person) => person.role === 'owner' && person.disabled_at === null)) {
    throw new HearthcastError('bad-request', 'The backup has no owner who could sign in.');
  }
  await hide(env, hidden);
  if (!(await finishRestoration(env, Object.keys(KEPT_TABLES.user?.columns ?? {}), people))) {
    throw new HearthcastError('setup-done');
  }
  return counts;
}

/** Neighbouring rows of one table; titles of one level, since a season needs the new number of its series. */
async function* chunks(file: ReadableStream<Uint8Array>): AsyncGenerator<{ kind: string; rows: Row[] }> {
  let kind = '';
  let level: unknown;
  let rows: Row[] = [];
  for await (const record of readBackup(file)) {
    const itsLevel = record.kind === 'item' ? record.row.kind : undefined;
    if (record.kind !== kind || itsLevel !== level || rows.length === CHUNK) {
      if (rows.length > 0) yield { kind, rows };
      rows = [];
    }
    kind = record.kind;
    level = itsLevel;
    rows.push(record.row);
  }
  if (rows.length > 0) yield { kind, rows };
}

async function take(env: Db, kind: string, rows: Row[], people: Row[], hidden: Row[]): Promise<number> {
  if (kind === 'user' || kind === 'user_hidden') {
    const held = kind === 'user' ? people : hidden;
    if (held.length + rows.length > MAX_PEOPLE) {
      throw new HearthcastError('too-large', 'There are more people in the backup than a deployment can have.');
    }
    held.push(...rows);
    return rows.length;
  }
  if (kind !== 'library') return restoreRows(env, tableOf(kind), rows);
  // One by one: each must find a bit that is free after the one before.
  let restored = 0;
  for (const row of rows) {
    const bit = await freeLibraryBit(env, row.bit as number, MAX_LIBRARIES);
    restored += await restoreLibrary(env, row, bit);
  }
  return restored;
}

async function restoreLibrary(env: Db, row: Row, bit: number | null): Promise<number> {
  const table = tableOf('library');
  // The file's own bit is what restrictions in it are written in; the free one is what the library gets.
  return restoreRows(
    env,
    {
      ...table,
      columns: Object.keys(KEPT_TABLES.library?.columns ?? {}).filter((column) => column !== 'bit'),
      more: { bit: String(bit ?? 'NULL') },
    },
    [row],
  );
}

function tableOf(kind: string): RestoredTable {
  const table = KEPT_TABLES[kind];
  if (!table) throw new HearthcastError('internal');
  return {
    table: kind,
    columns: Object.keys(table.columns),
    references: table.references ?? {},
    name: table.name,
    more: table.restored ?? {},
  };
}

/** Hides again what was hidden, under the numbers that the facets have here. */
async function hide(env: Db, hidden: readonly Row[]): Promise<void> {
  if (hidden.length === 0) return;
  const numbers = await restoredNumbers(env, 'facet');
  for (const { user_id, facets } of hidden) {
    const ids = String(facets)
      .split(',')
      .flatMap((old) => numbers.get(Number(old)) ?? []);
    await hideFrom(env, user_id as number, ids);
  }
}
