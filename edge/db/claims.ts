import { jsonChunks } from './json-rows.ts';
import { BY_CONTENT } from './renames.ts';

/** The item of a key as the transaction finds it: another agent may have merged it a moment ago. */
const CURRENT_ID = (key: string) =>
  `(SELECT coalesce(a.target_id, k.id) FROM item k
    LEFT JOIN item_alias a ON a.item_id = k.id AND a.by_hand <> ${BY_CONTENT} WHERE k.key = ${key})`;

/** A row of `file` as a claim gives it. */
export interface FileRow {
  root: string;
  pathHash: string;
  rev: number;
  /** Null for a problem. */
  itemKey: string | null;
  path: string;
  size: number;
  mtimeMs: number;
  fingerprint: string | null;
  problem: string | null;
  problemDetail: string | null;
  durationMs: number | null;
  work: string | null;
  images: string | null;
  media: string | null;
}

export interface FileKey {
  root: string;
  pathHash: string;
}

/** How a claimed file stands in the catalog before the claim is applied. */
export interface FileState extends FileKey {
  id: number;
  live: 0 | 1;
  /** Whether it was last claimed in the epoch that was asked for. */
  current: 0 | 1;
  /** Whether the claim says what the catalog has already. */
  same: 0 | 1;
  itemId: number | null;
  parentId: number | null;
  rootId: number | null;
  /** Of the content, null where it could not be read. */
  fingerprint: string | null;
}

/** The order of a file's columns inside its JSON row. */
const fileValues = (row: FileRow) => [
  ...[row.root, row.pathHash, row.rev, row.itemKey, row.path, row.size, row.mtimeMs, row.fingerprint],
  ...[row.problem, row.problemDetail, row.durationMs, row.work, row.images, row.media],
];

/** Compares files with what is stored, inside the database: the wide columns need not come out. Answers FileState. */
export function stateStatements(
  db: D1Database,
  agentId: string,
  epoch: string,
  rows: readonly (FileRow | FileKey)[],
): D1PreparedStatement[] {
  const values = rows.map((row) => ('path' in row ? fileValues(row) : [row.root, row.pathHash]));
  const statement = db.prepare(
    `SELECT f.root, f.path_hash AS pathHash, f.id, f.deleted_at IS NULL AS live, f.epoch = ?2 AS current,
      f.deleted_at IS NULL AND o.key IS r.value->>3 AND f.path IS r.value->>4 AND f.size IS r.value->>5
        AND f.mtime_ms IS r.value->>6 AND f.fingerprint IS r.value->>7 AND f.problem IS r.value->>8
        AND f.problem_detail IS r.value->>9 AND f.work IS r.value->>11 AND f.images IS r.value->>12
        AND f.media IS r.value->>13 AND NOT EXISTS (
          SELECT 1 FROM json_each(json_array(f.work->>'described', f.work->>'seriesDescribed', f.work->>'seasonDescribed')) h
          WHERE h.value IS NOT NULL AND h.value NOT IN (SELECT hash FROM description)) AS same,
      f.item_id AS itemId, o.parent_id AS parentId, o.root_id AS rootId, f.fingerprint
    FROM json_each(?3) r
    CROSS JOIN file f ON f.agent_id = ?1 AND f.root = r.value->>0 AND f.path_hash = r.value->>1
    LEFT JOIN item o ON o.id = f.item_id`,
  );
  return jsonChunks(values).map((chunk) => statement.bind(agentId, epoch, chunk));
}

/** Writes files whose items are there already. A file that was gone is back under its old id. */
export function fileStatements(
  db: D1Database,
  agentId: string,
  epoch: string,
  rows: readonly FileRow[],
): D1PreparedStatement[] {
  const statement = db.prepare(
    `INSERT INTO file (agent_id, epoch, root, path_hash, rev, item_id, path, size, mtime_ms, fingerprint, problem,
      problem_detail, duration_ms, work, images, media)
    SELECT ?1, ?2, r.value->>0, r.value->>1, r.value->>2, ${CURRENT_ID('r.value->>3')}, r.value->>4,
      r.value->>5, r.value->>6, r.value->>7, r.value->>8, r.value->>9, r.value->>10, r.value->>11, r.value->>12,
      r.value->>13
    FROM json_each(?3) r WHERE true
    ON CONFLICT (agent_id, root, path_hash) DO UPDATE SET epoch = excluded.epoch, rev = excluded.rev,
      item_id = excluded.item_id, path = excluded.path, size = excluded.size, mtime_ms = excluded.mtime_ms,
      fingerprint = excluded.fingerprint, problem = excluded.problem, problem_detail = excluded.problem_detail,
      duration_ms = excluded.duration_ms, work = excluded.work, images = excluded.images, media = excluded.media,
      deleted_at = NULL`,
  );
  return jsonChunks(rows.map(fileValues)).map((chunk) => statement.bind(agentId, epoch, chunk));
}

/** Takes unchanged files along into a new epoch. */
export function epochStatement(
  db: D1Database,
  epoch: string,
  files: readonly { id: number; rev: number }[],
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE file SET epoch = ?1, rev = r.rev
      FROM (SELECT value->>0 AS id, value->>1 AS rev FROM json_each(?2)) r WHERE file.id = r.id`,
    )
    .bind(epoch, JSON.stringify(files.map(({ id, rev }) => [id, rev])));
}

/** Soft-deletes files: their rows keep the item, so that a file that comes back is known. */
export function goneStatement(db: D1Database, ids: readonly number[], now: number): D1PreparedStatement {
  return db
    .prepare('UPDATE file SET deleted_at = ?1 WHERE id IN (SELECT value FROM json_each(?2)) AND deleted_at IS NULL')
    .bind(now, JSON.stringify(ids));
}

/** A place in the order in which an agent's files are walked. */
export type FilePlace = FileKey | null;

/** Live files that an agent claimed in no epoch but others than this one (null: in any), in keyset order. */
export async function filesOutside(
  db: D1Database,
  agentId: string,
  epoch: string | null,
  after: FilePlace,
  limit: number,
): Promise<FileState[]> {
  const { results } = await db
    .prepare(
      `SELECT f.root, f.path_hash AS pathHash, f.id, 1 AS live, 0 AS current, 0 AS same,
        f.item_id AS itemId, o.parent_id AS parentId, o.root_id AS rootId, f.fingerprint
      FROM file f LEFT JOIN item o ON o.id = f.item_id
      WHERE f.agent_id = ?1 AND (f.root, f.path_hash) > (?3, ?4) AND f.deleted_at IS NULL AND f.epoch IS NOT ?2
      ORDER BY f.root, f.path_hash LIMIT ?5`,
    )
    .bind(agentId, epoch, after?.root ?? '', after?.pathHash ?? '', limit)
    .all<FileState>();
  return results;
}
