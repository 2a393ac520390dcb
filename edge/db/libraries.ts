import { and, asc, eq, isNull, ne, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { Bindings } from '../bindings.ts';
import { agent, library, root, site } from './schema.ts';

type Db = Pick<Bindings, 'DB'>;

export interface LibraryRow {
  id: number;
  name: string;
  items: number;
  rescanMinutes: number | null;
}

export interface LibraryRootRow {
  id: string;
  /** 0 where it is in none. */
  libraryId: number;
  name: string;
  state: 'ok' | 'offline' | 'unreadable';
  watch: 'ok' | 'polling' | 'failed' | null;
  scan: string | null;
  agent: { id: string; name: string };
  site: { id: number; name: string };
}

export interface ProblemRow {
  id: number;
  root: string;
  path: string;
  code: string;
  detail: string;
}

/** The libraries of a mask (null: all) by name. */
export function listLibraries(env: Db, libMask: number | null = null): Promise<LibraryRow[]> {
  return drizzle(env.DB)
    .select({ id: library.id, name: library.name, items: library.items, rescanMinutes: library.rescanMinutes })
    .from(library)
    .where(
      and(isNull(library.deletedAt), libMask === null ? undefined : sql`((1 << ${library.bit}) & ${libMask}) <> 0`),
    )
    .orderBy(asc(library.name));
}

/** Whether there is a library among those of a mask (null: among all). */
export async function libraryExists(env: Db, id: number, libMask: number | null = null): Promise<boolean> {
  const row = await env.DB.prepare(
    'SELECT 1 FROM library WHERE id = ?1 AND deleted_at IS NULL AND (?2 IS NULL OR ((1 << bit) & ?2) <> 0)',
  )
    .bind(id, libMask)
    .first();
  return row !== null;
}

/** The roots of one library, or of all, with their agents and sites. */
export function listRoots(env: Db, libraryId: number | null): Promise<LibraryRootRow[]> {
  return drizzle(env.DB)
    .select({
      id: root.id,
      libraryId: root.libraryId,
      name: root.name,
      state: sql<LibraryRootRow['state']>`${root.state}`,
      watch: root.watch,
      scan: root.scan,
      agent: { id: agent.id, name: agent.name },
      site: { id: site.id, name: site.name },
    })
    .from(root)
    .innerJoin(agent, and(eq(agent.id, root.agentId), isNull(agent.removedAt)))
    .innerJoin(site, eq(site.id, agent.siteId))
    .where(and(ne(root.state, 'removed'), libraryId === null ? undefined : eq(root.libraryId, libraryId)))
    .orderBy(asc(site.name), asc(root.name), asc(root.id));
}

/** How many files of each library cannot be played, by library id. */
export async function countProblems(env: Db): Promise<Map<number, number>> {
  const { results } = await env.DB.prepare(
    `SELECT r.library_id AS id, count(*) AS n FROM root r CROSS JOIN file f ON f.agent_id = r.agent_id AND f.root = r.id
    WHERE f.problem IS NOT NULL AND f.deleted_at IS NULL GROUP BY r.library_id`,
  ).all<{ id: number; n: number }>();
  return new Map(results.map((row) => [row.id, row.n]));
}

/** The files of a library that cannot be played, in order of their ids from after `after`. */
export async function problemPage(env: Db, libraryId: number, after: number, limit: number): Promise<ProblemRow[]> {
  const { results } = await env.DB.prepare(
    `SELECT f.id, r.name AS root, f.path, f.problem AS code, coalesce(f.problem_detail, '') AS detail
    FROM root r CROSS JOIN file f ON f.agent_id = r.agent_id AND f.root = r.id
    WHERE r.library_id = ?1 AND f.problem IS NOT NULL AND f.deleted_at IS NULL AND f.id > ?2
    ORDER BY f.id LIMIT ?3`,
  )
    .bind(libraryId, after, limit)
    .all<ProblemRow>();
  return results;
}

/** Sets how often a library's folders are looked at again; null leaves it to each machine. */
export async function saveRescan(db: D1Database, libraryId: number, minutes: number | null): Promise<void> {
  await db.prepare('UPDATE library SET rescan_minutes = ?2 WHERE id = ?1').bind(libraryId, minutes).run();
}

/** The roots of an agent whose libraries say how often they are looked at again. */
export async function rescanOfAgent(
  db: D1Database,
  agentId: string,
): Promise<{ root: string; minutes: number | null }[]> {
  const { results } = await db
    .prepare(
      `SELECT r.id AS root, l.rescan_minutes AS minutes FROM root r JOIN library l ON l.id = r.library_id
      WHERE r.agent_id = ?1`,
    )
    .bind(agentId)
    .all<{ root: string; minutes: number | null }>();
  return results;
}

/** Forgets an agent's roots, once nothing is claimed in them. */
export function forgetRoots(db: D1Database, agentId: string): D1PreparedStatement {
  return db.prepare('DELETE FROM root WHERE agent_id = ?1').bind(agentId);
}
