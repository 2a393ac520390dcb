import { setImmediate as nextTurn } from 'node:timers/promises';
import { type LibraryIndex, MAX_TRANSACTION_ROWS } from '../index/library-index.ts';
import { type Deletion, decideDeletion, type Missing } from './deletions.ts';

export interface ScannedRoot {
  index: LibraryIndex;
  root: string;
  /** Folders that were listed, and those that could not be. */
  visited: ReadonlySet<string>;
  unreadable: readonly string[];
  /** Path hashes of the files that were not in their folders. */
  missing: Set<string>;
}

/** Files that are not there any more, as far as that can be believed: they are marked as gone, and stay known. */
export async function forgetMissing(
  { index, root, visited, unreadable, missing }: ScannedRoot,
  counts: Pick<Missing, 'known' | 'found' | 'accepted'>,
): Promise<{ decision: Deletion; held: number; removed: number }> {
  for (const dir of index.folders(root)) {
    if (visited.has(dir) || unreadable.some((path) => dir === path || dir.startsWith(`${path}/`))) continue;
    for (const row of index.filesIn(root, dir)) if (!row.gone) missing.add(row.path_hash);
  }
  const holdKey = `hold:${root}`;
  const since = index.meta(holdKey);
  const heldSince = since === null ? null : Number(since);
  const decision = decideDeletion({ ...counts, missing: missing.size, heldSince }, Date.now());
  if (decision === 'outage') return { decision, held: 0, removed: 0 };
  if (decision === 'hold') {
    if (since === null) index.setMeta(holdKey, String(Date.now()));
    return { decision, held: missing.size, removed: 0 };
  }
  if (since !== null) index.setMeta(holdKey, null);
  const hashes = [...missing];
  for (let i = 0; i < hashes.length; i += MAX_TRANSACTION_ROWS) {
    index.markGone(root, hashes.slice(i, i + MAX_TRANSACTION_ROWS));
    await nextTurn();
  }
  return { decision, held: 0, removed: hashes.length };
}
