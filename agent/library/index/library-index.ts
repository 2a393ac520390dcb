import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Logger } from 'pino';
import type { DigestedFile } from '../../../shared/protocol/digest.ts';
import type { Claim } from '../../../shared/protocol/sync.ts';
import { newEpoch, openDatabase } from './open-database.ts';
import {
  claimOf,
  type FileContent,
  type FileRow,
  type FolderState,
  type IndexChange,
  type KnownFile,
  sizeOf,
} from './rows.ts';

/** How many rows one transaction holds at most, so that the loop gets its turn every few milliseconds. */
export const MAX_TRANSACTION_ROWS = 500;

const KNOWN =
  'root, path_hash, dir, path, size, mtime_ms, fingerprint, work, artwork, subtitles, metadata, thumb, problem, detail, gone, rev';

/** A page of files between two path hashes, from behind a third. */
interface HashPage {
  from: string;
  to: string;
  after: string;
  limit: number;
}

export interface RootCounts {
  present: number;
  problems: number;
}

/** The truth about the files of this machine. One writer; every method is one short step of SQLite. */
export class LibraryIndex implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #epoch: string;
  #revision: number;

  constructor(file: string, log: Logger) {
    this.#database = openDatabase(file, log);
    this.#epoch = this.meta('epoch') as string;
    this.#revision = Number(this.meta('revision'));
  }

  get epoch(): string {
    return this.#epoch;
  }

  get revision(): number {
    return this.#revision;
  }

  /** All that is known of one folder's files, also of those that are gone. */
  filesIn(root: string, dir: string): KnownFile[] {
    return this.#sql(`SELECT ${KNOWN} FROM file WHERE root = ? AND dir = ?`).all(root, dir) as unknown as KnownFile[];
  }

  /** Folders of a root that hold files which are not gone. */
  folders(root: string): string[] {
    const rows = this.#sql('SELECT DISTINCT dir FROM file WHERE root = ? AND gone = 0').all(root);
    return rows.map((row) => row.dir as string);
  }

  roots(): string[] {
    return this.#sql('SELECT DISTINCT root FROM file WHERE gone = 0')
      .all()
      .map((row) => row.root as string);
  }

  counts(root: string): RootCounts {
    const sql = 'SELECT count(*) AS n, count(problem) AS problems FROM file WHERE root = ? AND gone = 0';
    const row = this.#sql(sql).get(root) as { n: number; problems: number };
    return { present: row.n - row.problems, problems: row.problems };
  }

  file(root: string, pathHash: string): FileRow | null {
    const row = this.#sql('SELECT * FROM file WHERE root = ? AND path_hash = ?').get(root, pathHash);
    return (row as unknown as FileRow | undefined) ?? null;
  }

  /** The files that were written last, newest first. */
  newest(limit: number): FileRow[] {
    const sql =
      'SELECT * FROM file WHERE gone = 0 AND media IS NOT NULL AND fingerprint IS NOT NULL ORDER BY rev DESC LIMIT ?';
    return this.#sql(sql).all(limit) as unknown as FileRow[];
  }

  /** What was read in another file with the same content: a file that moved is not probed again. */
  contentOf(fingerprint: string): FileContent | null {
    const row = this.#sql('SELECT media, embedded FROM file WHERE fingerprint = ? AND media IS NOT NULL LIMIT 1').get(
      fingerprint,
    );
    if (!row) return null;
    return { media: JSON.parse(row.media as string), embedded: JSON.parse((row.embedded as string | null) ?? '{}') };
  }

  /** Writes what was found, each row under a revision of its own, as one transaction. */
  write(root: string, changes: readonly IndexChange[], folders: readonly FolderState[] = []): void {
    if (changes.length + folders.length === 0) return;
    this.#transaction(() => {
      for (const change of changes) this.#put(change);
      for (const folder of folders) this.#putFolder(root, folder);
    });
  }

  /** Signatures of the folders that nothing was left to do in, by path below the root. */
  signatures(root: string): Map<string, string> {
    const rows = this.#sql('SELECT dir, signature FROM folder WHERE root = ?').all(root);
    return new Map(rows.map((row) => [row.dir as string, row.signature as string]));
  }

  /** The next scan looks at every folder of the root again. */
  forgetFolders(root: string): void {
    this.#sql('DELETE FROM folder WHERE root = ?').run(root);
  }

  /** Marks files as gone; their rows stay. */
  markGone(root: string, pathHashes: readonly string[]): void {
    this.#transaction(() => {
      const mark = this.#sql('UPDATE file SET gone = 1, rev = ? WHERE root = ? AND path_hash = ? AND gone = 0');
      for (const hash of pathHashes) {
        if (mark.run(this.#revision + 1, root, hash).changes > 0) this.#revision++;
      }
    });
  }

  /** What files are known by, at the edge too: those of a root that are not gone, by path hash, a page at a time. */
  identities(root: string, { from, to, after, limit }: HashPage): DigestedFile[] {
    const rows = this.#sql(
      `SELECT path_hash AS pathHash, path, CASE WHEN problem IS NULL THEN size ELSE 0 END AS size,
        CASE WHEN problem IS NULL THEN mtime_ms ELSE 0 END AS mtimeMs, coalesce(problem, fingerprint) AS content
      FROM file WHERE root = ? AND path_hash >= ? AND path_hash < ? AND path_hash > ? AND gone = 0
      ORDER BY path_hash LIMIT ?`,
    ).all(root, from, to, after, limit);
    return rows as unknown as DigestedFile[];
  }

  /** Rows of a root between two path hashes, gone ones too. */
  rowsIn(root: string, from: string, to: string): FileRow[] {
    const sql = 'SELECT * FROM file WHERE root = ? AND path_hash >= ? AND path_hash < ?';
    return this.#sql(sql).all(root, from, to) as unknown as FileRow[];
  }

  /** Numbers files anew, so that they are told again; files that this index never had are told as gone. */
  claimAgain(root: string, pathHashes: readonly string[], orphans: readonly string[]): void {
    this.#transaction(() => {
      const renumber = this.#sql('UPDATE file SET rev = ? WHERE root = ? AND path_hash = ?');
      for (const hash of pathHashes) {
        if (renumber.run(this.#revision + 1, root, hash).changes > 0) this.#revision++;
      }
      const bury = this.#sql(
        `INSERT INTO file (root, path_hash, dir, path, size, mtime_ms, gone, rev) VALUES (?, ?, '', '', 0, 0, 1, ?)
        ON CONFLICT DO NOTHING`,
      );
      for (const hash of orphans) if (bury.run(root, hash, this.#revision + 1).changes > 0) this.#revision++;
    });
  }

  /** Claims of the revisions after one, in order; no more of them than about `bytes` hold, but one at least. */
  claimsSince(revision: number, limit: number, bytes = Number.POSITIVE_INFINITY): Claim[] {
    const claims: Claim[] = [];
    let size = 0;
    for (const row of this.#sql('SELECT * FROM file WHERE rev > ? ORDER BY rev LIMIT ?').iterate(revision, limit)) {
      const file = row as unknown as FileRow;
      size += sizeOf(file);
      if (claims.length > 0 && size > bytes) break;
      claims.push(claimOf(file));
    }
    return claims;
  }

  pictureId(root: string, path: string, size: number, mtimeMs: number): string | null {
    const sql = 'SELECT id FROM picture WHERE root = ? AND path = ? AND size = ? AND mtime_ms = ?';
    return (this.#sql(sql).get(root, path, size, mtimeMs)?.id as string | undefined) ?? null;
  }

  putPicture(root: string, path: string, size: number, mtimeMs: number, id: string): void {
    const sql = 'INSERT OR REPLACE INTO picture (root, path, size, mtime_ms, id) VALUES (?, ?, ?, ?, ?)';
    this.#sql(sql).run(root, path, size, mtimeMs, id);
  }

  /** What a sidecar file of this size and time said, as it was stored. */
  sidecar(root: string, path: string, size: number, mtimeMs: number): string | null {
    const sql = 'SELECT content FROM sidecar WHERE root = ? AND path = ? AND size = ? AND mtime_ms = ?';
    return (this.#sql(sql).get(root, path, size, mtimeMs)?.content as string | undefined) ?? null;
  }

  putSidecar(root: string, path: string, size: number, mtimeMs: number, content: string): void {
    const sql = 'INSERT OR REPLACE INTO sidecar (root, path, size, mtime_ms, content) VALUES (?, ?, ?, ?, ?)';
    this.#sql(sql).run(root, path, size, mtimeMs, content);
  }

  picture(id: string): { root: string; path: string } | null {
    const row = this.#sql('SELECT root, path FROM picture WHERE id = ? LIMIT 1').get(id);
    return (row as { root: string; path: string } | undefined) ?? null;
  }

  /** The file whose frame a picture is. */
  fileOfThumb(id: string): FileRow | null {
    const row = this.#sql('SELECT * FROM file WHERE thumb = ? AND gone = 0 LIMIT 1').get(id);
    return (row as unknown as FileRow | undefined) ?? null;
  }

  meta(key: string): string | null {
    return (this.#sql('SELECT value FROM meta WHERE key = ?').get(key)?.value as string | undefined) ?? null;
  }

  setMeta(key: string, value: string | null): void {
    if (value === null) this.#sql('DELETE FROM meta WHERE key = ?').run(key);
    else this.#sql('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, value);
  }

  /** Starts counting under a new name: the edge knows revisions that this index never made (a backup came back). */
  renewEpoch(): void {
    this.#epoch = newEpoch();
    this.setMeta('epoch', this.#epoch);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #put(change: IndexChange): void {
    const { root, pathHash, dir, path, size, mtimeMs } = change;
    const present = change.state === 'present' ? change : null;
    const problem = change.state === 'problem' ? change : null;
    const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
    this.#sql(
      `INSERT OR REPLACE INTO file (root, path_hash, dir, path, size, mtime_ms, fingerprint, work, artwork, subtitles,
       metadata, media, embedded, thumb, problem, detail, gone, rev) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
    ).run(
      ...[root, pathHash, dir, path, size, Math.round(mtimeMs), present?.fingerprint ?? null],
      ...[json(present?.work), json(present?.artwork), json(present?.subtitles), json(present?.metadata)],
      ...[json(present?.media), json(present?.embedded)],
      ...[present?.thumb ?? null, problem?.code ?? null, problem?.detail ?? null, ++this.#revision],
    );
  }

  #putFolder(root: string, { dir, signature }: FolderState): void {
    if (signature === null) this.#sql('DELETE FROM folder WHERE root = ? AND dir = ?').run(root, dir);
    else this.#sql('INSERT OR REPLACE INTO folder (root, dir, signature) VALUES (?, ?, ?)').run(root, dir, signature);
  }

  #transaction(work: () => void): void {
    const before = this.#revision;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.setMeta('revision', String(this.#revision));
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      this.#revision = before;
      throw error;
    }
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}
