import type { AuditEvent } from '../../shared/api/audit.ts';
import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

export interface AuditRow {
  id: number;
  at: number;
  event: AuditEvent;
  actorId: number | null;
  actor: string;
  subject: string;
  address: string;
}

export interface AuditFilter {
  event: AuditEvent | null;
  userId: number | null;
}

export async function insertAudit(env: Db, row: Omit<AuditRow, 'id'>): Promise<void> {
  await env.DB.prepare('INSERT INTO audit (at, event, actor_id, actor, subject, address) VALUES (?, ?, ?, ?, ?, ?)')
    .bind(row.at, row.event, row.actorId, row.actor, row.subject, row.address)
    .run();
}

/** Entries below an id, the newest first. */
export async function auditBelow(env: Db, filter: AuditFilter, below: number, limit: number): Promise<AuditRow[]> {
  const { event, userId } = filter;
  // Only the conditions that are asked for, so that each filter has an index to walk.
  const conditions = ['id < ?', ...(event ? ['event = ?'] : []), ...(userId === null ? [] : ['actor_id = ?'])];
  const { results } = await env.DB.prepare(
    `SELECT id, at, event, actor_id AS actorId, actor, subject, address FROM audit
     WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT ?`,
  )
    .bind(below, ...(event ? [event] : []), ...(userId === null ? [] : [userId]), limit)
    .all<AuditRow>();
  return results;
}

/** Deletes at most `limit` entries from before a time; answers how many. */
export async function deleteAuditBefore(env: Db, before: number, limit: number): Promise<number> {
  const { meta } = await env.DB.prepare(
    'DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?)',
  )
    .bind(before, limit)
    .run();
  return meta.changes;
}
