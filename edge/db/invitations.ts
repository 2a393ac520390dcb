import type { Role } from '../../shared/api/auth.ts';
import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

export interface InvitationRow {
  id: number;
  role: Exclude<Role, 'owner'>;
  libMask: number | null;
  maxAge: number | null;
  note: string;
  createdBy: number;
  createdAt: number;
  expiresAt: number;
  usedAt: number | null;
  usedBy: string | null;
  revokedAt: number | null;
}

const SELECT_INVITATION = `
  SELECT id, role, lib_mask AS libMask, max_age AS maxAge, note, created_by AS createdBy, created_at AS createdAt, expires_at AS expiresAt,
         used_at AS usedAt, used_by AS usedBy, revoked_at AS revokedAt FROM invitation`;

const IS_OPEN = 'used_at IS NULL AND revoked_at IS NULL AND expires_at > ?';

/** Adds an invitation, unless `max` are open; null then. */
export async function insertInvitation(
  env: Db,
  invitation: Pick<InvitationRow, 'role' | 'libMask' | 'maxAge' | 'note' | 'createdBy' | 'createdAt' | 'expiresAt'> & {
    codeHash: string;
  },
  max: number,
): Promise<number | null> {
  const { codeHash, role, libMask, maxAge, note, createdBy, createdAt, expiresAt } = invitation;
  return env.DB.prepare(
    `INSERT INTO invitation (code_hash, role, lib_mask, note, created_by, created_at, expires_at, max_age)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?9
     WHERE (SELECT count(*) FROM invitation WHERE used_at IS NULL AND revoked_at IS NULL AND expires_at > ?6) < ?8
     RETURNING id`,
  )
    .bind(codeHash, role, libMask, note, createdBy, createdAt, expiresAt, max, maxAge)
    .first<number>('id');
}

/** The newest invitations. */
export async function latestInvitations(env: Db, limit: number): Promise<InvitationRow[]> {
  return (await env.DB.prepare(`${SELECT_INVITATION} ORDER BY id DESC LIMIT ?`).bind(limit).all<InvitationRow>())
    .results;
}

/** The open invitation of a code, or null. */
export function openInvitation(env: Db, codeHash: string, now: number): Promise<InvitationRow | null> {
  return env.DB.prepare(`${SELECT_INVITATION} WHERE code_hash = ? AND ${IS_OPEN}`)
    .bind(codeHash, now)
    .first<InvitationRow>();
}

/** Spends an invitation; false where somebody was faster. */
export async function takeInvitation(env: Db, id: number, usedBy: string, now: number): Promise<boolean> {
  const { meta } = await env.DB.prepare(
    `UPDATE invitation SET used_at = ?1, used_by = ?2 WHERE id = ?3 AND ${IS_OPEN.replace('?', '?1')}`,
  )
    .bind(now, usedBy, id)
    .run();
  return meta.changes > 0;
}

/** Opens an invitation again whose account could not be made. */
export async function releaseInvitation(env: Db, id: number): Promise<void> {
  await env.DB.prepare('UPDATE invitation SET used_at = NULL, used_by = NULL WHERE id = ?').bind(id).run();
}

/** Ends an open invitation; answers its role, or null where none is open. */
export async function revokeInvitation(env: Db, id: number, now: number): Promise<Role | null> {
  return env.DB.prepare(
    'UPDATE invitation SET revoked_at = ?1 WHERE id = ?2 AND used_at IS NULL AND revoked_at IS NULL RETURNING role',
  )
    .bind(now, id)
    .first<Role>('role');
}
