import type { DigestedFile } from '../../shared/protocol/digest.ts';

interface Stored extends Omit<DigestedFile, 'content'> {
  /** Null for what cannot be used: it has neither content nor problem, or no item. */
  content: string | null;
}

/**
 * An agent's live files in one root by path hash, from `from` to before `to`. A row that lost its item or its
 * content has an empty content, which no agent claims. Never the wide columns.
 */
export function digestedFiles(
  db: D1Database,
  agentId: string,
  root: string,
  { from, to, after, limit }: { from: string; to: string; after: string | null; limit: number },
): D1PreparedStatement {
  return db
    .prepare(
      `SELECT path_hash AS pathHash, path, size, mtime_ms AS mtimeMs,
        CASE WHEN problem IS NOT NULL THEN problem WHEN item_id IS NOT NULL THEN fingerprint END AS content
      FROM file WHERE agent_id = ?1 AND root = ?2 AND path_hash >= ?3 AND path_hash < ?4 AND path_hash > ?5
        AND deleted_at IS NULL
      ORDER BY path_hash LIMIT ?6`,
    )
    .bind(agentId, root, from, to, after ?? '', limit);
}

/** The rows of `digestedFiles`. */
export function digestedRows(result: D1Result<unknown> | undefined): DigestedFile[] {
  const rows = (result?.results ?? []) as Stored[];
  return rows.map((row) => ({ ...row, content: row.content ?? '' }));
}
