import type { SyncCursor } from '../../shared/protocol/sync.ts';

export interface CursorRow {
  epoch: string | null;
  revision: number;
  /** Whether no file of an older epoch can be left. */
  complete: boolean;
  removed: boolean;
}

interface Stored {
  sync_epoch: string | null;
  sync_revision: number;
  sync_complete: number;
  removed_at: number | null;
}

/** How far an agent's claims are in the catalog. */
export function cursorStatement(db: D1Database, agentId: string): D1PreparedStatement {
  return db
    .prepare('SELECT sync_epoch, sync_revision, sync_complete, removed_at FROM agent WHERE id = ?1')
    .bind(agentId);
}

/** The row of `cursorStatement`, or null for an agent that there is not. */
export function cursorOf(result: D1Result<unknown> | undefined): CursorRow | null {
  const row = result?.results[0] as Stored | undefined;
  if (!row) return null;
  return {
    epoch: row.sync_epoch,
    revision: row.sync_revision,
    complete: row.sync_complete === 1,
    removed: row.removed_at !== null,
  };
}

/** True where an agent once began this epoch. */
export function knownEpochStatement(db: D1Database, agentId: string, epoch: string): D1PreparedStatement {
  return db.prepare('SELECT 1 FROM agent_epoch WHERE agent_id = ?1 AND epoch = ?2').bind(agentId, epoch);
}

/**
 * The first statements of every transaction that applies claims. They fail it whole unless it continues the
 * cursor: the revision may not be null. A cursor merely written along would not be exactly-once, since a late
 * duplicate would rewind it.
 */
export function advanceStatements(
  db: D1Database,
  agentId: string,
  from: number,
  to: SyncCursor & { epoch: string },
  complete: boolean,
): D1PreparedStatement[] {
  return [
    db
      .prepare(
        `UPDATE agent SET
          sync_revision = CASE
            WHEN removed_at IS NULL AND sync_epoch = ?2 AND sync_revision = ?3 THEN ?4
            WHEN removed_at IS NULL AND sync_epoch IS NOT ?2 AND ?3 = 0
              AND NOT EXISTS (SELECT 1 FROM agent_epoch WHERE agent_id = ?1 AND epoch = ?2) THEN ?4
            ELSE NULL END,
          sync_complete = CASE WHEN sync_epoch IS ?2 THEN max(sync_complete, ?5) ELSE ?5 END,
          sync_epoch = ?2
        WHERE id = ?1`,
      )
      .bind(agentId, to.epoch, from, to.revision, complete ? 1 : 0),
    db.prepare('INSERT OR IGNORE INTO agent_epoch (agent_id, epoch) VALUES (?1, ?2)').bind(agentId, to.epoch),
  ];
}

/** True for the error by which D1 says that `advanceStatements` refused the transaction. */
export function isRefusedAdvance(error: unknown): boolean {
  return error instanceof Error && error.message.includes('NOT NULL constraint failed: agent.sync_revision');
}
