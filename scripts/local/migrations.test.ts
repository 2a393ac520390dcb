import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { PROJECT } from '../build/paths.ts';
import { applyMigrations, splitStatements } from './migrations.ts';

/** D1's interface over node:sqlite, as far as migrations go. */
function database() {
  const sqlite = new DatabaseSync(':memory:');
  return {
    sqlite,
    prepare(sql: string) {
      const of = (values: unknown[]) => ({
        run: () => sqlite.prepare(sql).run(...(values as string[])),
        bind: (...bound: unknown[]) => of(bound),
        all: async () => ({ results: sqlite.prepare(sql).all() }),
      });
      return of([]);
    },
    async batch(statements: unknown[]) {
      for (const statement of statements as { run(): void }[]) statement.run();
    },
  };
}

describe('migrations', () => {
  it('are applied once each', async () => {
    const db = database();
    const dir = join(PROJECT, 'migrations');
    expect(await applyMigrations(db, dir)).toContain('0001_init.sql');
    expect(await applyMigrations(db, dir)).toEqual([]);
    expect(db.sqlite.prepare('SELECT count(*) AS n FROM item').get()).toEqual({ n: 0 });
  });

  it('split into statements at semicolons that end a line, without comments', () => {
    expect(splitStatements("-- a;\nCREATE TABLE a (\n  b TEXT DEFAULT ';' -- why\n);\nDROP TABLE a;\n")).toEqual([
      "CREATE TABLE a (\n  b TEXT DEFAULT ';' -- why\n)",
      'DROP TABLE a',
    ]);
  });

  it('of this project hold no semicolon inside a line, where D1 would split', () => {
    for (const sql of splitStatements(readFileSync(join(PROJECT, 'migrations', '0001_init.sql'), 'utf8'))) {
      expect(sql).not.toContain(';');
    }
  });
});
