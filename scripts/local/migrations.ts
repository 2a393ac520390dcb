import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Database {
  prepare(sql: string): { bind(...values: unknown[]): unknown; all(): Promise<{ results: unknown[] }> };
  batch(statements: unknown[]): Promise<unknown>;
}

/** The table in which wrangler notes what it has applied, so that either tool goes on where the other stopped. */
const TABLE = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)`;

/** Applies the migrations that the database lacks, each as one transaction. Returns their names. */
export async function applyMigrations(database: Database, dir: string): Promise<string[]> {
  const names = readdirSync(dir)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  await database.batch([database.prepare(TABLE)]);
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all();
  const applied = new Set((results as { name: string }[]).map((row) => row.name));
  const missing = names.filter((name) => !applied.has(name));
  for (const name of missing) {
    const statements = splitStatements(readFileSync(join(dir, name), 'utf8')).map((sql) => database.prepare(sql));
    const note = database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name);
    await database.batch([...statements, note]);
  }
  return missing;
}

/** The statements of a migration: each ends with a semicolon at the end of a line, and none holds one before. */
export function splitStatements(sql: string): string[] {
  return sql
    .replace(/^\s*--.*$/gm, '')
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter(Boolean);
}
