import { gunzipSync } from 'node:zlib';

export type BackupRows = Record<string, Record<string, unknown>[]>;

/** What a backup's file holds, by table. */
export function rowsOf(file: Uint8Array): BackupRows {
  const tables: BackupRows = {};
  for (const line of gunzipSync(file).toString('utf8').trimEnd().split('\n').slice(1, -1)) {
    const [[name, row]] = Object.entries(JSON.parse(line)) as [[string, Record<string, unknown>]];
    tables[name] = [...(tables[name] ?? []), row];
  }
  return tables;
}
