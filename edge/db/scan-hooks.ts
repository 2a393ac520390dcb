interface HookRow {
  id: number;
  name: string;
  libraryId: number | null;
  libraryName: string | null;
  createdAt: number;
  lastUsedAt: number | null;
}

const COLUMNS = `h.id, h.name, h.library_id AS libraryId, l.name AS libraryName, h.created_at AS createdAt,
  h.last_used_at AS lastUsedAt`;

/** All addresses, the newest first. */
export async function listHooks(db: D1Database): Promise<HookRow[]> {
  const { results } = await db
    .prepare(`SELECT ${COLUMNS} FROM scan_hook h LEFT JOIN library l ON l.id = h.library_id ORDER BY h.id DESC`)
    .all<HookRow>();
  return results;
}

/** Makes one while there are fewer than `limit`; answers its id, or null. */
export async function insertHook(
  db: D1Database,
  hook: { hash: string; name: string; libraryId: number | null; now: number },
  limit: number,
): Promise<number | null> {
  return db
    .prepare(
      `INSERT INTO scan_hook (token_hash, name, library_id, created_at)
      SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM scan_hook) < ?5 RETURNING id`,
    )
    .bind(hook.hash, hook.name, hook.libraryId, hook.now, limit)
    .first<number>('id');
}

/** Ends one; answers its name, or null where there is none. */
export function deleteHook(db: D1Database, id: number): Promise<string | null> {
  return db.prepare('DELETE FROM scan_hook WHERE id = ?1 RETURNING name').bind(id).first<string>('name');
}

/** The address of a hash, or null. */
export function hookOf(db: D1Database, hash: string): Promise<HookRow | null> {
  return db
    .prepare(`SELECT ${COLUMNS} FROM scan_hook h LEFT JOIN library l ON l.id = h.library_id WHERE h.token_hash = ?1`)
    .bind(hash)
    .first<HookRow>();
}

export async function noteHookUse(db: D1Database, id: number, now: number): Promise<void> {
  await db.prepare('UPDATE scan_hook SET last_used_at = ?2 WHERE id = ?1').bind(id, now).run();
}
