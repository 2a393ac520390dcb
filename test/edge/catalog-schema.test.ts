import { env } from 'cloudflare:workers';
import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core';
import { expect, it } from 'vitest';
import * as schema from '../../edge/db/schema.ts';

it.each(Object.values(schema) as SQLiteTable[])('has the columns that the migrations make', async (table) => {
  const { name, columns } = getTableConfig(table);
  const { results } = await env.DB.prepare('SELECT name, "notnull" AS required FROM pragma_table_info(?1)')
    .bind(name)
    .all<{ name: string; required: number }>();
  const required = (column: (typeof columns)[number]) => (column.notNull && !column.primary ? 1 : null);
  const primary = new Set(columns.filter((column) => column.primary).map((column) => column.name));
  expect(columns.map((column) => [column.name, required(column)])).toEqual(
    results.map((row) => [row.name, row.required === 1 && !primary.has(row.name) ? 1 : null]),
  );
});
