import type { Bindings } from '../bindings.ts';
import { FREE_BIT, MAX_LIBRARIES } from './roots.ts';

type Db = Pick<Bindings, 'DB'>;

/** A folder of a machine. */
export interface FolderKey {
  agentId: string;
  rootId: string;
}

/** Makes a library that has no folder yet; null where its name is taken, or all 53 places are. */
export function insertLibrary(env: Db, name: string, now: number): Promise<number | null> {
  return env.DB.prepare(
    `${FREE_BIT} INSERT INTO library (name, bit, created_at)
    SELECT ?1, min(bit), ?2 FROM bits WHERE bit NOT IN (SELECT bit FROM library)
      AND NOT EXISTS (SELECT 1 FROM library WHERE name = ?1 AND deleted_at IS NULL)
    HAVING min(bit) IS NOT NULL RETURNING id`,
  )
    .bind(name, now, MAX_LIBRARIES)
    .first<number>('id');
}

/** The id of the library of a name, whatever its case; null where there is none. */
export function libraryNamed(env: Db, name: string): Promise<number | null> {
  return env.DB.prepare('SELECT id FROM library WHERE name = ?1 AND deleted_at IS NULL').bind(name).first<number>('id');
}

/** The name of a library; null where there is none. */
export function nameOfLibrary(env: Db, id: number): Promise<string | null> {
  return env.DB.prepare('SELECT name FROM library WHERE id = ?1 AND deleted_at IS NULL').bind(id).first<string>('name');
}

export async function renameLibrary(env: Db, id: number, name: string): Promise<void> {
  await env.DB.prepare('UPDATE library SET name = ?2 WHERE id = ?1').bind(id, name).run();
}

const NAMED = `json_each(?1) j CROSS JOIN root r ON r.agent_id = j.value->>0 AND r.id = j.value->>1 AND r.state <> 'removed'`;

const namesOf = (folders: readonly FolderKey[]) =>
  JSON.stringify(folders.map(({ agentId, rootId }) => [agentId, rootId]));

/** The folders of these that are shared now, each with its library; 0 is none. */
export async function foldersNow(env: Db, folders: readonly FolderKey[]): Promise<{ libraryId: number }[]> {
  const { results } = await env.DB.prepare(`SELECT r.library_id AS libraryId FROM ${NAMED}`)
    .bind(namesOf(folders))
    .all<{ libraryId: number }>();
  return results;
}

/** Puts folders into a library. Their files follow in pieces. */
export async function moveFolders(env: Db, libraryId: number, folders: readonly FolderKey[]): Promise<void> {
  const names = namesOf(folders);
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO root_move (agent_id, root, library_id, after_hash)
      SELECT r.agent_id, r.id, r.library_id, '' FROM ${NAMED} WHERE r.library_id NOT IN (0, ?2)
      ON CONFLICT (agent_id, root, library_id) DO UPDATE SET after_hash = ''`,
    ).bind(names, libraryId),
    env.DB.prepare(
      `UPDATE root SET library_id = ?2 WHERE (agent_id, id) IN (SELECT r.agent_id, r.id FROM ${NAMED})`,
    ).bind(names, libraryId),
  ]);
}

/**
 * Ends a library: nobody is shown it from now on. Its folders are in no library, what named it names it no more, and
 * its files follow in pieces. Its bit is free once they have.
 */
export async function endLibrary(env: Db, id: number, now: number): Promise<void> {
  const bit = '(SELECT 1 << bit FROM library WHERE id = ?1)';
  const without = (table: string) =>
    env.DB.prepare(
      `UPDATE ${table} SET lib_mask = lib_mask & ~${bit} WHERE lib_mask IS NOT NULL AND (lib_mask & ${bit}) <> 0`,
    ).bind(id);
  await env.DB.batch([
    env.DB.prepare('UPDATE library SET deleted_at = ?2 WHERE id = ?1 AND deleted_at IS NULL').bind(id, now),
    // Else whoever may see it would see the next library that gets its bit.
    without('user_restriction'),
    without('invitation'),
    env.DB.prepare('DELETE FROM scan_hook WHERE library_id = ?1').bind(id),
    env.DB.prepare(
      `INSERT INTO root_move (agent_id, root, library_id, after_hash)
      SELECT agent_id, id, library_id, '' FROM root WHERE library_id = ?1
      ON CONFLICT (agent_id, root, library_id) DO UPDATE SET after_hash = ''`,
    ).bind(id),
    env.DB.prepare('UPDATE root SET library_id = 0 WHERE library_id = ?1').bind(id),
  ]);
}

/** Forgets the libraries that have ended and that no file is left in. */
export async function forgetEndedLibraries(env: Db): Promise<void> {
  const ended = `SELECT id FROM library l WHERE l.deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM root_move m WHERE m.library_id = l.id)
    AND NOT EXISTS (SELECT 1 FROM root r WHERE r.library_id = l.id)
    AND NOT EXISTS (SELECT 1 FROM library_item i WHERE i.library_id = l.id)`;
  await env.DB.batch([
    env.DB.prepare(`UPDATE scan_run SET library_id = NULL WHERE library_id IN (${ended})`),
    env.DB.prepare(`DELETE FROM library WHERE id IN (${ended})`),
  ]);
}
