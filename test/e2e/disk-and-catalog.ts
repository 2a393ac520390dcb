import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LibraryIndex } from '../../agent/library/index/library-index.ts';
import { sumsOf } from '../../agent/library/sync/own-digest.ts';
import { DIGEST_RANGES, type DigestedFile, type RangeDigest, RangeSums } from '../../shared/protocol/digest.ts';
import { SILENT } from '../agent/media-tree.ts';

/** A video as disk, index and catalog each know it. Of a broken one no more is known than that. */
export interface SeenFile {
  path: string;
  size: number;
  mtimeMs: number;
}

const byPath = (a: SeenFile, b: SeenFile) => (a.path < b.path ? -1 : 1);

/** The videos below a folder; the empty ones are broken. */
export function onDisk(folder: string): SeenFile[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(mp4|avi)$/.test(name));
  return names
    .map((path) => {
      const { size, mtimeMs } = statSync(join(folder, path));
      return { path, size, mtimeMs: size === 0 ? 0 : Math.floor(mtimeMs) };
    })
    .sort(byPath);
}

const INDEXED =
  'SELECT path, size, CASE WHEN problem IS NULL THEN mtime_ms ELSE 0 END AS mtimeMs FROM file WHERE gone = 0';

/** An agent's index, also while the agent writes it. Empty where there is none yet. */
export function inIndex(dataDir: string): { files: SeenFile[]; revision: number } {
  try {
    using database = new DatabaseSync(join(dataDir, 'library.sqlite'), { readOnly: true, timeout: 5000 });
    database.exec('BEGIN');
    const files = database.prepare(INDEXED).all();
    const revision = database.prepare("SELECT value FROM meta WHERE key = 'revision'").get() as { value: string };
    return { files: (files as unknown as SeenFile[]).sort(byPath), revision: Number(revision.value) };
  } catch {
    return { files: [], revision: 0 };
  }
}

/** The digests of the only root of an index whose agent has ended. */
export async function digestsOf(dataDir: string): Promise<RangeDigest[]> {
  using index = new LibraryIndex(join(dataDir, 'library.sqlite'), SILENT);
  const [root] = index.roots();
  return root === undefined ? [] : await sumsOf(index, root, 0, DIGEST_RANGES);
}

/** The catalog in the files of an edge that has ended. */
export class Catalog implements Disposable {
  readonly #database: DatabaseSync;

  constructor(edgeDir: string) {
    const files = readdirSync(edgeDir, { recursive: true, encoding: 'utf8' });
    const path = files.find((name) => /d1\b.*\/[0-9a-f]{64}\.sqlite$/i.test(name));
    if (!path) throw new Error(`no database below ${edgeDir}`);
    this.#database = new DatabaseSync(join(edgeDir, path));
  }

  /** An agent's live files. */
  files(agent: string): SeenFile[] {
    return (this.#digested(agent) as SeenFile[])
      .map(({ path, size, mtimeMs }) => ({ path, size, mtimeMs }))
      .sort(byPath);
  }

  digests(agent: string): RangeDigest[] {
    const sums = new RangeSums();
    for (const file of this.#digested(agent)) sums.add(file);
    return sums.ranges();
  }

  #digested(agent: string): DigestedFile[] {
    return this.rows<DigestedFile>(
      `SELECT f.path_hash AS pathHash, f.path, f.size, f.mtime_ms AS mtimeMs, coalesce(f.problem, f.fingerprint) AS content
      FROM file f JOIN agent a ON a.id = f.agent_id WHERE a.name = ? AND f.deleted_at IS NULL`,
      agent,
    );
  }

  rows<T>(sql: string, ...values: string[]): T[] {
    return this.#database.prepare(sql).all(...values) as T[];
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}
