import type { ScanStatus } from '../../shared/api/libraries.ts';
import type { RootInfo } from '../../shared/protocol/capabilities.ts';

/** A library's mask must stay a number that JavaScript holds exactly. */
export const MAX_LIBRARIES = 53;

/** The bits that a library may have, as `bits`; parameter 3 is how many. */
export const FREE_BIT = 'WITH RECURSIVE bits (bit) AS (SELECT 0 UNION ALL SELECT bit + 1 FROM bits WHERE bit + 1 < ?3)';

export interface AnnouncedRoot {
  id: string;
  /** 0 where it is in no library: what is claimed of it is not taken. */
  libraryId: number;
}

/** A root that is known stays in its library, and out of any where that was deleted; one that was removed is new. */
const KNOWN = "agent_id = ?4 AND id = r.value->>0 AND state <> 'removed'";

/** The roots that an agent has announced. Answers AnnouncedRoot. */
export function rootsStatement(db: D1Database, agentId: string): D1PreparedStatement {
  return db.prepare('SELECT id, library_id AS libraryId FROM root WHERE agent_id = ?1').bind(agentId);
}

/**
 * Makes the libraries that are named for the first time, up to 53, and writes an agent's roots, in one
 * transaction. A known root stays in its library, or in none. Roots that are named no longer are offline, not gone: their
 * files are still claimed. Answers the names of the new libraries, and of those for which there is no room.
 */
export async function saveRoots(
  db: D1Database,
  agentId: string,
  roots: readonly RootInfo[],
  now: number,
): Promise<{ made: string[]; refused: string[] }> {
  const rows = JSON.stringify(roots.map((root) => [root.id, root.name, root.library, root.state, root.watch ?? null]));
  const names = [...new Map(roots.map((root) => [root.library.toLowerCase(), root.library])).values()];
  const results = await db.batch<{ name: string }>([
    ...names.map((name) =>
      db
        .prepare(
          `${FREE_BIT} INSERT INTO library (name, bit, created_at)
          SELECT ?1, min(bit), ?2 FROM bits WHERE bit NOT IN (SELECT bit FROM library)
            AND NOT EXISTS (SELECT 1 FROM library WHERE name = ?1 AND deleted_at IS NULL)
            AND EXISTS (SELECT 1 FROM json_each(?5) r WHERE lower(r.value->>2) = lower(?1)
              AND NOT EXISTS (SELECT 1 FROM root WHERE ${KNOWN}))
          HAVING min(bit) IS NOT NULL
          RETURNING name`,
        )
        .bind(name, now, MAX_LIBRARIES, agentId, rows),
    ),
    // What is still claimed of one that was removed and comes back into another library goes along.
    db
      .prepare(
        `INSERT INTO root_move (agent_id, root, library_id, after_hash)
        SELECT ?1, known.id, known.library_id, '' FROM json_each(?2) r
        CROSS JOIN root known ON known.agent_id = ?1 AND known.id = r.value->>0 AND known.state = 'removed'
        CROSS JOIN library l ON l.name = r.value->>2 AND l.deleted_at IS NULL
        WHERE known.library_id NOT IN (0, l.id)
        ON CONFLICT (agent_id, root, library_id) DO UPDATE SET after_hash = ''`,
      )
      .bind(agentId, rows),
    db
      .prepare(
        `INSERT INTO root (agent_id, id, library_id, name, state, watch)
        SELECT ?1, r.value->>0, coalesce(known.library_id, l.id), r.value->>1, r.value->>3, r.value->>4
        FROM json_each(?2) r
        LEFT JOIN root known ON known.agent_id = ?1 AND known.id = r.value->>0 AND known.state <> 'removed'
        LEFT JOIN library l ON l.name = r.value->>2 AND l.deleted_at IS NULL
        WHERE coalesce(known.library_id, l.id) IS NOT NULL
        ON CONFLICT (agent_id, id) DO UPDATE SET library_id = excluded.library_id, name = excluded.name,
          state = excluded.state, watch = excluded.watch
        WHERE (library_id, name, state, watch) IS NOT
          (excluded.library_id, excluded.name, excluded.state, excluded.watch)`,
      )
      .bind(agentId, rows),
    db
      .prepare(
        `UPDATE root SET state = 'offline' WHERE agent_id = ?1 AND state NOT IN ('offline', 'removed')
          AND id NOT IN (SELECT value->>0 FROM json_each(?2))`,
      )
      .bind(agentId, rows),
    db
      .prepare(
        `SELECT DISTINCT r.value->>2 AS name FROM json_each(?2) r
        WHERE NOT EXISTS (SELECT 1 FROM root WHERE agent_id = ?1 AND id = r.value->>0)`,
      )
      .bind(agentId, rows),
  ]);
  return {
    made: results.slice(0, names.length).flatMap((result) => result.results.map((row) => row.name)),
    refused: results.at(-1)?.results.map((row) => row.name) ?? [],
  };
}

/**
 * Keeps how far a scan is: at once when its phase changes, otherwise where the last time is `everyMs` ago, since
 * each write is paid for.
 */
export function saveScanStatement(
  db: D1Database,
  agentId: string,
  root: string,
  scan: ScanStatus,
  now: number,
  everyMs: number,
): D1PreparedStatement {
  return db
    .prepare(
      `UPDATE root SET scan = ?3, scan_at = ?4 WHERE agent_id = ?1 AND id = ?2
        AND (scan_at IS NULL OR scan_at <= ?4 - ?5 OR scan->>'phase' IS NOT ?6)`,
    )
    .bind(agentId, root, JSON.stringify(scan), now, everyMs, scan.phase);
}

/** A root that is shared no more: it is not shown, and what was claimed of it may still be taken back by its agent. */
export async function markRootRemoved(db: D1Database, agentId: string, id: string): Promise<void> {
  await db.prepare(`UPDATE root SET state = 'removed' WHERE agent_id = ?1 AND id = ?2`).bind(agentId, id).run();
}
