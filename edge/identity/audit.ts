import type { z } from 'zod';
import type { AuditEntry, AuditEvent, AuditExportQuery, AuditQuery } from '../../shared/api/audit.ts';
import type { Page } from '../../shared/api/paging.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import { type AuditFilter, type AuditRow, auditBelow, insertAudit } from '../db/audit.ts';

type Db = Pick<Bindings, 'DB'>;

/** Names that strangers type at the door are cut: a log is no place to store things. */
const MAX_TEXT = 120;

/** Entries of one export, the newest: a statement for each chunk, of which the platform allows a request 1,000. */
const MAX_EXPORT = 500_000;
const EXPORT_CHUNK = 1000;

export interface Happening {
  event: AuditEvent;
  actor: { userId: number; name: string } | null;
  /** Who it claims to be, where nobody is signed in. */
  claimed?: string;
  subject: string;
  address: string;
}

/**
 * Writes down what happened. What happened has happened, so a failure to write is logged and does not undo it.
 * Never takes a secret: codes, tokens and passwords are no subject.
 */
export async function audit(
  env: Db,
  { event, actor, claimed, subject, address }: Happening,
  now: number,
): Promise<void> {
  const who = actor?.name ?? claimed ?? '';
  const row = { at: now, event, actorId: actor?.userId ?? null, actor: cut(who), subject: cut(subject), address };
  try {
    await insertAudit(env, row);
  } catch (error) {
    console.error(
      JSON.stringify({ level: 'error', message: 'an audit entry was not written', event, error: String(error) }),
    );
  }
}

/** A page of the log, the newest first. */
export async function showAudit(env: Db, query: AuditQuery): Promise<Page<AuditEntry>> {
  const rows = await auditBelow(env, filterOf(query), placeOf(query.cursor), query.limit + 1);
  const items = rows.slice(0, query.limit);
  const last = items.at(-1);
  return { items: items.map(show), next: rows.length > query.limit && last ? String(last.id) : null };
}

/** The log as a file, the newest first, written as it is read. */
export function exportAudit(env: Db, query: z.infer<typeof AuditExportQuery>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const line = query.format === 'csv' ? csvLine : jsonLine;
  let below = Number.MAX_SAFE_INTEGER;
  let left = MAX_EXPORT;
  return new ReadableStream({
    start(controller) {
      if (query.format === 'csv') controller.enqueue(encoder.encode('id,at,event,actorId,actor,subject,address\r\n'));
    },
    async pull(controller) {
      const rows = await auditBelow(env, filterOf(query), below, Math.min(EXPORT_CHUNK, left));
      left -= rows.length;
      below = rows.at(-1)?.id ?? 0;
      if (rows.length > 0) controller.enqueue(encoder.encode(rows.map((row) => line(show(row))).join('')));
      if (rows.length < EXPORT_CHUNK || left === 0) controller.close();
    },
  });
}

function show({ id, actorId, ...rest }: AuditRow): AuditEntry {
  return { id: String(id), actorId: actorId === null ? null : String(actorId), ...rest };
}

const jsonLine = (entry: AuditEntry) => `${JSON.stringify(entry)}\n`;

function csvLine({ id, at, event, actorId, actor, subject, address }: AuditEntry): string {
  const fields = [id, new Date(at).toISOString(), event, actorId ?? '', actor, subject, address];
  return `${fields.map(csvField).join(',')}\r\n`;
}

/** Quoted; and what a spreadsheet would run as a formula is made a text. */
function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

function filterOf({ event, userId }: Pick<AuditQuery, 'event' | 'userId'>): AuditFilter {
  return { event: event ?? null, userId: userId === undefined ? null : Number(userId) };
}

function placeOf(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER;
  if (!/^\d{1,15}$/.test(cursor)) {
    throw new HearthcastError('bad-request', 'The cursor is not one of this list. Begin again without it.');
  }
  return Number(cursor);
}

const cut = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text);
