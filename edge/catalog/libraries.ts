import { z } from 'zod';
import type { Libraries, LibraryProblem, LibraryRoot, ScanStatus } from '../../shared/api/libraries.ts';
import type { Page, PageQuery } from '../../shared/api/paging.ts';
import { HearthcastError } from '../../shared/errors.ts';
import {
  countProblems,
  type LibraryRootRow,
  libraryExists,
  listLibraries,
  listRoots,
  problemPage,
} from '../db/libraries.ts';
import { countSeen } from '../db/library-counts.ts';
import type { Scope } from '../db/scopes.ts';
import type { Env } from '../env.ts';
import { CursorId, decodeCursor, encodeCursor } from './cursors.ts';
import { type Presence, presenceOfAgents } from './presence.ts';

const NEVER_SCANNED: ScanStatus = { phase: 'idle', total: null, done: 0, problems: 0, message: null };

const ProblemCursor = z.object({ id: CursorId });

/**
 * Every library that a person sees with its roots, of whatever site; for admins also the roots of none. Where something of it may be hidden from them,
 * it does not tell how much there is.
 */
export async function showLibraries(env: Env, scope: Scope, admin: boolean): Promise<Libraries> {
  const narrowed = scope.maxAge !== null || scope.hiddenSet !== null || !scope.unrated;
  const [libraries, roots, problems, agents] = await Promise.all([
    listLibraries(env, scope.libMask),
    listRoots(env, null),
    countProblems(env),
    presenceOfAgents(env),
  ]);
  const seen = narrowed ? await countSeen(env, scope, libraries) : null;
  const items = libraries.map(({ id, name, items, rescanMinutes }) => ({
    id: String(id),
    name,
    rescanMinutes,
    ...(seen ? (seen.get(id) ?? { items: null, more: false }) : { items, more: false }),
    problems: problems.get(id) ?? 0,
    roots: roots.filter((root) => root.libraryId === id).map((root) => rootOf(root, agents)),
  }));
  const loose = admin ? roots.filter((root) => root.libraryId === 0).map((root) => rootOf(root, agents)) : [];
  return { items, loose };
}

/** The files of a library that cannot be played. */
export async function showProblems(env: Env, libraryId: number, query: PageQuery): Promise<Page<LibraryProblem>> {
  const after = decodeCursor(query.cursor, ProblemCursor)?.id ?? 0;
  const rows = await problemPage(env, libraryId, after, query.limit + 1);
  if (rows.length === 0 && !(await libraryExists(env, libraryId))) throw new HearthcastError('not-found');
  const items = rows.slice(0, query.limit).map((row) => ({ ...row, id: String(row.id) }));
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
  return { items, next: last ? encodeCursor({ id: last.id }) : null };
}

function rootOf(
  { id, name, state, watch, scan, agent, site }: LibraryRootRow,
  agents: Map<string, Presence>,
): LibraryRoot {
  return {
    id,
    name,
    state,
    watch,
    agent: { ...agent, online: agents.get(agent.id)?.online ?? false },
    site: { id: String(site.id), name: site.name },
    scan: scan === null ? NEVER_SCANNED : (JSON.parse(scan) as ScanStatus),
  };
}
