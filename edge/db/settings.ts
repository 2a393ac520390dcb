import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

export interface SettingRow {
  name: string;
  /** JSON. */
  value: string;
}

/** Every setting that somebody decided: a handful. */
export async function readSettingRows(env: Db): Promise<SettingRow[]> {
  return (await env.DB.prepare('SELECT name, value FROM setting').all<SettingRow>()).results;
}

/** Sets these, all or none. */
export async function writeSettingRows(env: Db, rows: readonly SettingRow[], now: number): Promise<void> {
  const insert = env.DB.prepare(
    `INSERT INTO setting (name, value, updated_at) VALUES (?, ?, ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`,
  );
  await env.DB.batch(rows.map(({ name, value }) => insert.bind(name, value, now)));
}
