import type { SyncCursor } from '../../shared/protocol/sync.ts';
import { type FileKey, type FilePlace, type FileState, filesOutside, goneStatement } from '../db/claims.ts';
import { deriveStatements, newStamp } from '../db/derived-items.ts';
import { indexStatements } from '../db/item-indexes.ts';
import { rootsStatement } from '../db/roots.ts';
import { advanceStatements } from '../db/sync-cursors.ts';
import type { Env } from '../env.ts';
import { itemsOf } from './sync-plan.ts';

/** Files that one transaction soft-deletes: readers wait as long as it takes. */
const REAP_FILES = 200;

export interface Lost {
  files: number;
  libraryIds: number[];
  /** Milliseconds of the database. */
  tookMs: number;
}

export const NOTHING_LOST: Lost = { files: 0, libraryIds: [], tookMs: 0 };

/**
 * Soft-deletes what only older epochs claimed, but for `claimed`, in transactions of which each is refused once
 * the cursor has moved. Begins the epoch where it is new.
 */
export function reapOlderEpochs(
  env: Env,
  agentId: string,
  cursor: SyncCursor & { epoch: string },
  claimed: readonly FileKey[],
  now: number,
): Promise<Lost> {
  const kept = new Set(claimed.map(({ root, pathHash }) => `${root}/${pathHash}`));
  return loseFiles(env, agentId, cursor.epoch, now, {
    guard: () => advanceStatements(env.DB, agentId, cursor.revision, cursor, false),
    isLost: ({ root, pathHash }) => !kept.has(`${root}/${pathHash}`),
  });
}

/** Soft-deletes all that an agent has claimed. What people did with the items stays. */
export function loseAllFiles(env: Env, agentId: string, now: number): Promise<Lost> {
  return loseFiles(env, agentId, null, now, { guard: () => [], isLost: () => true });
}

async function loseFiles(
  env: Env,
  agentId: string,
  epoch: string | null,
  now: number,
  { guard, isLost }: { guard(): D1PreparedStatement[]; isLost(file: FileState): boolean },
): Promise<Lost> {
  const lost = { files: 0, tookMs: 0 };
  let place: FilePlace = null;
  for (;;) {
    const files = await filesOutside(env.DB, agentId, epoch, place, REAP_FILES);
    const last = files.at(-1);
    if (!last) break;
    place = { root: last.root, pathHash: last.pathHash };
    const leaving = files.filter(isLost);
    if (leaving.length === 0) continue;
    const touched = { keys: [], ids: [...new Set(leaving.flatMap(itemsOf))], stamp: newStamp(now), now };
    const ids = leaving.map((file) => file.id);
    const results = await env.DB.batch([
      ...guard(),
      goneStatement(env.DB, ids, now),
      ...deriveStatements(env.DB, touched),
      ...indexStatements(env.DB, touched),
    ]);
    lost.files += leaving.length;
    lost.tookMs += durationOf(results);
  }
  if (lost.files === 0) return NOTHING_LOST;
  const roots = await rootsStatement(env.DB, agentId).all<{ libraryId: number }>();
  return { ...lost, libraryIds: [...new Set(roots.results.map((root) => root.libraryId))] };
}

/** Milliseconds that the database worked for these results. */
export function durationOf(results: readonly D1Result<unknown>[]): number {
  return results.reduce((sum, result) => sum + result.meta.duration, 0);
}
