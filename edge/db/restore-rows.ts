import type { Bindings } from '../bindings.ts';
import type { Row } from './backup-rows.ts';

type Db = Pick<Bindings, 'DB'>;

/** How a table's rows are written, by names that stand in the code. */
export interface RestoredTable {
  table: string;
  columns: readonly string[];
  /** What the numbers of a column point at. */
  references: Readonly<Record<string, string>>;
  /** The column that tells a row which is there already under another number. */
  name?: string | undefined;
  /** More columns, and their values in SQL. */
  more: Readonly<Record<string, string>>;
}

/** What a restoration writes to and a deployment without people has nothing in. */
const PEOPLES = [
  'user_restriction',
  'user_limit',
  'user_hidden',
  'api_key',
  'user_item',
  'user_parent',
  'history',
  'playlist',
];
const ALSO_PEOPLES = ['playlist_item', 'watch_count', 'watch_day', 'scan_hook', 'item_edit', 'restored'];

const newOf = (kind: string, column: string) =>
  `(SELECT m.new FROM restored m WHERE m.kind = '${kind}' AND m.old = r.value->>'${column}')`;

/** The value of a column in SQL, over `r.value`, a row as JSON. */
function cellOf(column: string, reference: string | undefined): string {
  const cell = `r.value->>'${column}'`;
  switch (reference) {
    case undefined:
      return cell;
    case 'counted':
      return `(SELECT m.new FROM restored m WHERE m.old = ${cell}
        AND m.kind = CASE r.value->>'kind' WHEN 'item' THEN 'item' ELSE 'facet' END)`;
    case 'libraries':
      return `CASE WHEN ${cell} IS NOT NULL THEN (SELECT coalesce(sum(1 << m.new), 0) FROM restored m
        WHERE m.kind = 'bit' AND (${cell} >> m.old) & 1) END`;
    default:
      return newOf(reference, column);
  }
}

/** Empties what an earlier restoration that failed has left. There are no people, so nothing of theirs is lost. */
export async function beginRestoration(env: Db): Promise<void> {
  await env.DB.batch([...PEOPLES, ...ALSO_PEOPLES].map((table) => env.DB.prepare(`DELETE FROM ${table}`)));
}

/**
 * Writes rows of one table. Where another deployment has a row of the same name already, or another row under its
 * number, the new number is noted, and rows that point at it follow. A row that points at nothing is left out.
 * Answers how many were written or found.
 */
export async function restoreRows(env: Db, of: RestoredTable, rows: readonly Row[]): Promise<number> {
  const json = JSON.stringify(rows);
  const cells = of.columns.map((column) => cellOf(column, of.references[column]));
  const names = [...of.columns, ...Object.keys(of.more)];
  const values = [...cells, ...Object.values(of.more)];
  const insert = (from: number, where: string) =>
    `INSERT OR IGNORE INTO ${of.table} (${names.slice(from).join(', ')})
    SELECT ${values.slice(from).join(', ')} FROM json_each(?1) r WHERE ${where}`;
  if (of.name === undefined) {
    const pointing = Object.keys(of.references).map(
      (column) => `${cellOf(column, of.references[column])} IS NOT NULL
      OR r.value->>'${column}' IS NULL`,
    );
    const where = pointing.length > 0 ? pointing.map((condition) => `(${condition})`).join(' AND ') : 'true';
    const result = await env.DB.prepare(insert(0, where)).bind(json).run();
    return result.meta.changes;
  }
  const same = `x.${of.name} = r.value->>'${of.name}'${of.table === 'library' ? ' AND x.deleted_at IS NULL' : ''}`;
  const missing = `NOT EXISTS (SELECT 1 FROM ${of.table} x WHERE ${same})`;
  const results = await env.DB.batch([
    env.DB.prepare(insert(0, missing)).bind(json),
    // Those whose number another row has.
    env.DB.prepare(insert(1, missing)).bind(json),
    env.DB.prepare(
      `INSERT OR REPLACE INTO restored (kind, old, new)
      SELECT '${of.table}', r.value->>'id', x.id FROM json_each(?1) r CROSS JOIN ${of.table} x ON ${same}`,
    ).bind(json),
    ...(of.table === 'library' ? [bitsStatement(env, json)] : []),
  ]);
  return results[2]?.meta.changes ?? 0;
}

/** The bit of a library in the deployment that takes it. */
function bitsStatement(env: Db, json: string): D1PreparedStatement {
  return env.DB.prepare(
    `INSERT OR REPLACE INTO restored (kind, old, new)
    SELECT 'bit', r.value->>'bit', x.bit FROM json_each(?1) r
    CROSS JOIN library x ON x.name = r.value->>'name' AND x.deleted_at IS NULL`,
  ).bind(json);
}

/** The new number of each old one of a kind. */
export async function restoredNumbers(env: Db, kind: string): Promise<Map<number, number>> {
  const { results } = await env.DB.prepare('SELECT old, new FROM restored WHERE kind = ?1')
    .bind(kind)
    .all<{ old: number; new: number }>();
  return new Map(results.map((row) => [row.old, row.new]));
}

/** The smallest number that no library has as its bit; null where all are taken. */
export async function freeLibraryBit(env: Db, wanted: number, max: number): Promise<number | null> {
  const row = await env.DB.prepare(
    `WITH RECURSIVE bits (bit) AS (SELECT 0 UNION ALL SELECT bit + 1 FROM bits WHERE bit + 1 < ?2)
    SELECT bit FROM bits WHERE bit NOT IN (SELECT bit FROM library) ORDER BY bit <> ?1, bit LIMIT 1`,
  )
    .bind(wanted, max)
    .first<{ bit: number }>();
  return row?.bit ?? null;
}

/**
 * Writes the people, with whom a deployment is no longer empty, and ends the restoration. False where somebody made
 * an owner meanwhile.
 */
export async function finishRestoration(env: Db, columns: readonly string[], people: readonly Row[]): Promise<boolean> {
  const [made] = await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO user (${columns.join(', ')}) SELECT ${columns.map((column) => `r.value->>'${column}'`).join(', ')}
      FROM json_each(?1) r WHERE NOT EXISTS (SELECT 1 FROM user)`,
    ).bind(JSON.stringify(people)),
    env.DB.prepare('DELETE FROM restored'),
  ]);
  return (made?.meta.changes ?? 0) > 0;
}
