import type { FileState } from './claims.ts';

/** A folder whose library has changed, and how far its files were brought to it. */
export interface RootMove {
  agentId: string;
  root: string;
  /** The library that it left. */
  libraryId: number;
  afterHash: string;
}

/** The moves that are not done, at most so many. */
export async function openMoves(db: D1Database, limit: number): Promise<RootMove[]> {
  const { results } = await db
    .prepare(
      `SELECT agent_id AS agentId, root, library_id AS libraryId, after_hash AS afterHash FROM root_move
      ORDER BY agent_id, root, library_id LIMIT ?1`,
    )
    .bind(limit)
    .all<RootMove>();
  return results;
}

/** The next live files of a move, in order of their path hashes. */
export async function filesOfMove(
  db: D1Database,
  { agentId, root, afterHash }: RootMove,
  limit: number,
): Promise<FileState[]> {
  const { results } = await db
    .prepare(
      `SELECT f.root, f.path_hash AS pathHash, f.id, 1 AS live, 0 AS current, 0 AS same,
        f.item_id AS itemId, o.parent_id AS parentId, o.root_id AS rootId
      FROM file f LEFT JOIN item o ON o.id = f.item_id
      WHERE f.agent_id = ?1 AND f.root = ?2 AND f.path_hash > ?3 AND f.deleted_at IS NULL
      ORDER BY f.path_hash LIMIT ?4`,
    )
    .bind(agentId, root, afterHash, limit)
    .all<FileState>();
  return results;
}

/** Soft-deletes those of these files that are in no library at this moment. */
export function looseGoneStatement(db: D1Database, ids: readonly number[], now: number): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE file SET deleted_at = ?1 WHERE id IN (SELECT value FROM json_each(?2)) AND deleted_at IS NULL
        AND EXISTS (SELECT 1 FROM root r WHERE r.agent_id = file.agent_id AND r.id = file.root AND r.library_id = 0)`,
    )
    .bind(now, JSON.stringify(ids));
}

/** Notes how far a move is. One that was begun again meanwhile, since the folder moved on, goes on from there. */
export function advanceMove(
  db: D1Database,
  { agentId, root, libraryId, afterHash }: RootMove,
  to: string | null,
): D1PreparedStatement {
  const here = 'WHERE agent_id = ?1 AND root = ?2 AND library_id = ?3 AND after_hash = ?4';
  if (to === null) return db.prepare(`DELETE FROM root_move ${here}`).bind(agentId, root, libraryId, afterHash);
  return db.prepare(`UPDATE root_move SET after_hash = ?5 ${here}`).bind(agentId, root, libraryId, afterHash, to);
}
