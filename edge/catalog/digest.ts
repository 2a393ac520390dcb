import {
  DIGEST_RANGES,
  type DigestAnswer,
  type DigestQuery,
  hashOfFile,
  hexOf,
  MAX_RANGE_FILES,
  type RangeAnswer,
  type RangeQuery,
  RangeSums,
  rangeEnd,
  rangeOf,
  rangeStart,
} from '../../shared/protocol/digest.ts';
import { digestedFiles, digestedRows } from '../db/digests.ts';
import { type AnnouncedRoot, rootsStatement } from '../db/roots.ts';
import type { Env } from '../env.ts';
import { durationOf } from './lost-files.ts';

/** Files that one statement reads, so that no reader waits long behind it. */
const PAGE_FILES = 2000;

/** An answer ends with the range in which it has read this many: 130 ranges of a root with 10,000 files. */
const ENOUGH_FILES = 5000;

/**
 * What the catalog holds of an agent's files in one root, as many ranges of it as one request may read. Only what
 * this agent claimed: another's roots are empty here.
 */
export async function digestOf(
  env: Pick<Env, 'DB'>,
  agentId: string,
  { root, from }: DigestQuery,
): Promise<DigestAnswer> {
  const announced = await rootsStatement(env.DB, agentId).all<AnnouncedRoot>();
  const roots = announced.results.map(({ id }) => id);
  let tookMs = durationOf([announced]);
  const loose = announced.results.some(({ id, libraryId }) => id === root && libraryId === 0);
  if (loose) return { roots, ranges: [], next: null, closed: true, tookMs };
  const sums = new RangeSums();
  let after: string | null = null;
  let to = rangeEnd(DIGEST_RANGES - 1);
  let next: number | null = null;
  for (let files = 0; ; ) {
    const place = { from: rangeStart(from), to, after, limit: PAGE_FILES };
    const result = await digestedFiles(env.DB, agentId, root, place).all();
    const rows = digestedRows(result);
    for (const row of rows) sums.add(row);
    tookMs += durationOf([result]);
    files += rows.length;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE_FILES) break;
    after = last.pathHash;
    // A range is told whole or not at all.
    const range = rangeOf(after);
    if (files >= ENOUGH_FILES && next === null && range + 1 < DIGEST_RANGES) {
      to = rangeEnd(range);
      next = range + 1;
    }
  }
  return { roots, ranges: sums.ranges(), next, tookMs };
}

/** The files behind one range's digest, a page at a time. */
export async function rangeOfDigest(
  env: Pick<Env, 'DB'>,
  agentId: string,
  { root, range, after }: RangeQuery,
): Promise<RangeAnswer> {
  const place = { from: rangeStart(range), to: rangeEnd(range), after, limit: MAX_RANGE_FILES };
  const result = await digestedFiles(env.DB, agentId, root, place).all();
  const rows = digestedRows(result);
  const next = rows.length < MAX_RANGE_FILES ? null : (rows.at(-1)?.pathHash ?? null);
  const files = rows.map((row): [string, string] => [row.pathHash, hexOf(hashOfFile(row))]);
  return { files, next, tookMs: durationOf([result]) };
}
