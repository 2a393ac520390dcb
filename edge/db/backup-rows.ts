import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

export type Value = string | number | null;
export type Row = Record<string, Value>;

/** What of a table is read, by names that stand in the code. */
export interface RowsOf {
  table: string;
  columns: readonly string[];
  key: readonly string[];
  where?: string | undefined;
}

/** The next rows of a table behind those of `after`, in the order of its key. */
export async function rowsAfter(env: Db, of: RowsOf, after: Row | null, limit: number): Promise<Row[]> {
  const place = of.key.map((column) => `t.${column}`).join(', ');
  const marks = of.key.map((_, i) => `?${i + 2}`).join(', ');
  const conditions = [of.where, after === null ? undefined : `(${place}) > (${marks})`].filter(Boolean);
  const { results } = await env.DB.prepare(
    `SELECT ${of.columns.map((column) => `t.${column}`).join(', ')} FROM ${of.table} t
    ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''} ORDER BY ${place} LIMIT ?1`,
  )
    .bind(limit, ...(after === null ? [] : of.key.map((column) => after[column] ?? null)))
    .all<Row>();
  return results;
}

/** Items of these numbers with those that they stand below, the highest first; and what else they are called. */
export async function itemsWithNames(
  env: Db,
  columns: readonly string[],
  ids: readonly number[],
): Promise<{ items: Row[]; names: Row[] }> {
  const wanted = `(SELECT value AS id FROM json_each(?1)
    UNION SELECT c.parent_id FROM json_each(?1) j CROSS JOIN item c ON c.id = j.value WHERE c.parent_id IS NOT NULL
    UNION SELECT c.root_id FROM json_each(?1) j CROSS JOIN item c ON c.id = j.value WHERE c.root_id IS NOT NULL)`;
  const json = JSON.stringify(ids);
  const [items, names] = await env.DB.batch<Row>([
    env.DB.prepare(
      `SELECT ${columns.map((column) => `t.${column}`).join(', ')} FROM ${wanted} w CROSS JOIN item t ON t.id = w.id
      ORDER BY CASE t.kind WHEN 'season' THEN 1 WHEN 'episode' THEN 2 ELSE 0 END, t.id`,
    ).bind(json),
    env.DB.prepare(
      `SELECT t.key, t.item_id FROM ${wanted} w CROSS JOIN item_key t ON t.item_id = w.id ORDER BY t.item_id, t.key`,
    ).bind(json),
  ]);
  return { items: items?.results ?? [], names: names?.results ?? [] };
}

/** What is hidden from each person: the facets' numbers, separated by commas. As many as there are such people. */
export async function hiddenFacets(env: Db): Promise<Row[]> {
  const { results } = await env.DB.prepare(
    `SELECT u.user_id, group_concat(h.facet_id) AS facets FROM user_hidden u
    CROSS JOIN hidden_facet h ON h.set_id = u.set_id GROUP BY u.user_id ORDER BY u.user_id`,
  ).all<Row>();
  return results;
}
