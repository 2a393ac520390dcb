import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type DigestedFile,
  digestedClaim,
  type RangeDigest,
  RangeSums,
  rangeEnd,
  rangeStart,
} from '../../../shared/protocol/digest.ts';
import type { LibraryIndex } from '../index/library-index.ts';
import { claimOf } from '../index/rows.ts';

/** Rows of one step, so that relayed bytes get their turn. */
const PAGE_ROWS = 500;

/** The digests of a root's files as the index has them, of the ranges from one to before another. */
export async function sumsOf(index: LibraryIndex, root: string, from: number, to: number): Promise<RangeDigest[]> {
  const sums = new RangeSums();
  const end = rangeEnd(to - 1);
  let after = '';
  for (;;) {
    const rows = index.identities(root, { from: rangeStart(from), to: end, after, limit: PAGE_ROWS });
    for (const row of rows) sums.add(row);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_ROWS) return sums.ranges();
    after = last.pathHash;
    await nextTurn();
  }
}

interface OwnFile {
  pathHash: string;
  rev: number;
  /** Null for what is gone. */
  file: DigestedFile | null;
}

/**
 * The files of one range exactly as they would be claimed, gone ones too: a row that the protocol would refuse is
 * a problem there.
 */
export function digestOfRange(index: LibraryIndex, root: string, range: number): OwnFile[] {
  return index.rowsIn(root, rangeStart(range), rangeEnd(range)).map((row) => {
    return { pathHash: row.path_hash, rev: row.rev, file: digestedClaim(claimOf(row)) };
  });
}
