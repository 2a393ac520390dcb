import { version as release } from '../../package.json';
import type { Bindings } from '../bindings.ts';
import { hiddenFacets, itemsWithNames, type Row, rowsAfter } from '../db/backup-rows.ts';
import { KEPT_TABLES, type KeptTable } from './backup-tables.ts';
import { IdSet } from './id-set.ts';

/** The version of the format. A reader takes its own and older ones. */
export const BACKUP_VERSION = 1;

/** Rows of one statement: few statements, and none that others wait for. */
const PAGE = 2000;

type Db = Pick<Bindings, 'DB'>;
type Line = readonly [kind: string, row: Row];

/**
 * The lines of a backup, as JSON texts: a head, one line for each row, and an end that counts them, by which a file
 * that was cut off is known. Reads a page at a time.
 */
export async function* backupLines(env: Db, server: string, now: number): AsyncGenerator<string> {
  const at = new Date(now).toISOString();
  yield JSON.stringify({ head: { format: 'hearthcast-backup', version: BACKUP_VERSION, release, server, at } });
  let records = 0;
  for await (const [kind, row] of allRows(env)) {
    records++;
    yield JSON.stringify({ [kind]: row });
  }
  yield JSON.stringify({ end: { records } });
}

async function* allRows(env: Db): AsyncGenerator<Line> {
  const told = new IdSet();
  for (const [kind, table] of Object.entries(KEPT_TABLES)) {
    if (kind === 'user_hidden') {
      for (const row of await hiddenFacets(env)) yield [kind, row];
    } else if (kind !== 'item' && kind !== 'item_key') yield* rowsOf(env, kind, table, told);
  }
}

/** Rows of one table, each page behind the titles that it is the first to name. */
async function* rowsOf(env: Db, kind: string, table: KeptTable, told: IdSet): AsyncGenerator<Line> {
  const of = { table: kind, columns: Object.keys(table.columns), key: table.key, where: table.where };
  let last: Row | null = null;
  for (;;) {
    const rows: Row[] = await rowsAfter(env, of, last, PAGE);
    yield* titlesOf(env, table, rows, told);
    for (const row of rows) yield [kind, row];
    last = rows.at(-1) ?? null;
    if (rows.length < PAGE) return;
  }
}

async function* titlesOf(env: Db, table: KeptTable, rows: readonly Row[], told: IdSet): AsyncGenerator<Line> {
  const columns = Object.entries(table.references ?? {}).filter(([, to]) => to === 'item' || to === 'counted');
  const fresh = new Set<number>();
  for (const row of rows) {
    for (const [column, to] of columns) {
      const id = row[column];
      if (typeof id === 'number' && (to === 'item' || row.kind === 'item') && !fresh.has(id) && told.add(id))
        fresh.add(id);
    }
  }
  if (fresh.size === 0) return;
  const { items, names } = await itemsWithNames(env, Object.keys(KEPT_TABLES.item?.columns ?? {}), [...fresh]);
  // A season or a series comes with its first episode, though nothing else has named it.
  const first = items.filter((item) => fresh.has(item.id as number) || told.add(item.id as number));
  const ids = new Set(first.map((item) => item.id));
  for (const item of first) yield ['item', item];
  for (const name of names) if (ids.has(name.item_id as number)) yield ['item_key', name];
}
