import { globSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** How many rows one transaction writes. */
const CHUNK = 5000;

/**
 * Fills the stopped local edge of a data folder with movies of one library, straight into D1's file: a start
 * is measured on a catalog of this size, not the making of it.
 */
export function seedCatalog(dataDir: string, items: number): void {
  const database = openCatalog(dataDir);
  try {
    database.exec(`INSERT OR IGNORE INTO library (id, name, bit, created_at) VALUES (1, 'Movies', 0, 0)`);
    const insert = database.prepare(
      `INSERT INTO item (key, kind, browse, title, sort_title, year, lib_mask, added_at, duration_ms)
       VALUES (?, 'movie', 1, ?, ?, ?, 1, ?, ?)`,
    );
    for (let from = 0; from < items; from += CHUNK) {
      database.exec('BEGIN');
      for (let i = from; i < Math.min(items, from + CHUNK); i++) {
        const title = `Seeded film ${String(i).padStart(6, '0')}`;
        insert.run(`movie:seed-${i}`, title, title.toLowerCase(), 1950 + (i % 76), 1_700_000_000_000 + i, 5_400_000);
      }
      database.exec('COMMIT');
    }
    // What ingest keeps in step with the items: the grid reads these alone.
    database.exec(`INSERT OR IGNORE INTO library_item (library_id, item_id, sort_title, year, added_at, runtime)
      SELECT 1, id, sort_title, year, added_at, duration_ms FROM item WHERE key LIKE 'movie:seed-%'`);
    database.exec('UPDATE library SET items = (SELECT count(*) FROM library_item WHERE library_id = library.id)');
  } finally {
    database.close();
  }
}

/** The file among Miniflare's that holds the catalog. */
function openCatalog(dataDir: string): DatabaseSync {
  for (const file of globSync(join(dataDir, 'edge', '**', '*.sqlite'))) {
    const database = new DatabaseSync(file);
    const row = database.prepare(`SELECT count(*) AS n FROM sqlite_master WHERE name = 'item'`).get() as { n: number };
    if (row.n > 0) return database;
    database.close();
  }
  throw new Error(`no catalog below ${dataDir}`);
}
