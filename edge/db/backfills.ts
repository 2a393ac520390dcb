import type { MediaInfo } from '../../shared/media/media-info.ts';

/** A file that was claimed before descriptions and traits were known. */
export interface OldFile {
  id: number;
  siteId: number;
  itemId: number;
  parentId: number | null;
  rootId: number | null;
  /** The key of the title in the grid. */
  topKey: string;
  title: string;
  seriesTitle: string | null;
  media: MediaInfo;
}

/** The next files of the job, in order; null once it is done, and where there was nothing to do. */
export async function oldFiles(
  db: D1Database,
  limit: number,
): Promise<{ files: OldFile[]; lastId: number | null } | null> {
  const after = await db.prepare(`SELECT after_id AS id FROM backfill WHERE job = 'files'`).first<number>('id');
  if (after === null) return null;
  const { results } = await db
    .prepare(
      `SELECT f.id, a.site_id AS siteId, f.item_id AS itemId, i.parent_id AS parentId, i.root_id AS rootId,
        coalesce(s.key, i.key) AS topKey, i.title, s.title AS seriesTitle, f.media
      FROM file f CROSS JOIN agent a ON a.id = f.agent_id CROSS JOIN item i ON i.id = f.item_id
      LEFT JOIN item s ON s.id = i.root_id
      WHERE f.id > ?1 AND f.work IS NOT NULL AND f.media IS NOT NULL AND f.work->'traits' IS NULL ORDER BY f.id LIMIT ?2`,
    )
    .bind(after, limit)
    .all<Omit<OldFile, 'media'> & { media: string }>();
  const files = results.map((row) => ({ ...row, media: JSON.parse(row.media) as MediaInfo }));
  return { files, lastId: files.at(-1)?.id ?? null };
}

/** Completes what the claims of these files say, as today's claims do. */
export function completeStatement(
  db: D1Database,
  files: readonly { id: number; names: readonly string[]; traits: readonly string[] }[],
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE file SET work = json_set(work, '$.names', json(r.names), '$.described', NULL, '$.seriesDescribed', NULL,
        '$.seasonDescribed', NULL, '$.traits', json(r.traits))
      FROM (SELECT value->>0 AS id, value->1 AS names, value->2 AS traits FROM json_each(?1)) r
      WHERE file.id = r.id AND work->'traits' IS NULL`,
    )
    .bind(JSON.stringify(files.map(({ id, names, traits }) => [id, names, traits])));
}

/** Notes how far the job is; null is its end. */
export function advanceBackfill(db: D1Database, lastId: number | null): D1PreparedStatement {
  if (lastId === null) return db.prepare(`DELETE FROM backfill WHERE job = 'files'`);
  return db.prepare(`UPDATE backfill SET after_id = max(after_id, ?1) WHERE job = 'files'`).bind(lastId);
}
