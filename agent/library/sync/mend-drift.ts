import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import {
  DIGEST_RANGES,
  DigestAnswer,
  type DigestQuery,
  hashOfFile,
  hexOf,
  RangeAnswer,
  type RangeDigest,
  type RangeQuery,
} from '../../../shared/protocol/digest.ts';
import type { LibraryIndex } from '../index/library-index.ts';
import { digestOfRange, sumsOf } from './own-digest.ts';
import { post } from './post.ts';
import type { SyncTarget } from './sync-target.ts';

/** The edge's time is shared: after each answer it gets as long for others, up to this. */
const MAX_REST_MS = 1000;

/** Files that one range may hold at the edge: past it something else is wrong. */
const MAX_RANGE_PAGES = 200;

export interface DriftCheck {
  index: LibraryIndex;
  /** The roots of this agent; the edge may name more. */
  roots: readonly string[];
  target: SyncTarget;
  /** Rows of later revisions are on their way anyway. */
  sentTo: number;
  /** Ranges whose files are claimed again whole, whatever the digests say, which know nothing of what is in them. */
  whole: ReadonlySet<number>;
  signal: AbortSignal;
}

/** What was found to differ: files that are claimed again, and files that are claimed as gone. */
export interface Drift {
  ranges: number;
  again: number;
  orphans: number;
  /** Files that are claimed again unseen. */
  whole: number;
}

/** Ranges of a day: each comes round in a month. */
const WHOLE_A_DAY = 8;

/** The ranges that are claimed again whole on a day (in days since 1970). */
export function wholeRangesOf(day: number): Set<number> {
  const first = (day * WHOLE_A_DAY) % DIGEST_RANGES;
  return new Set(Array.from({ length: WHOLE_A_DAY }, (_, i) => first + i));
}

/** Every range: after a full scan. */
export const ALL_RANGES: ReadonlySet<number> = new Set(Array.from({ length: DIGEST_RANGES }, (_, i) => i));

/**
 * Compares the index with what the edge holds, root by root and range by range, and numbers the files that differ
 * anew, so that the next batches carry them and nothing else. Null where the edge knows no digests. Rejects when
 * there is no sound answer.
 */
export async function mendDrift(check: DriftCheck): Promise<Drift | null> {
  const drift: Drift = { ranges: 0, again: 0, orphans: 0, whole: 0 };
  const roots = [...new Set([...check.roots, ...check.index.roots()])];
  for (let i = 0; i < roots.length; i++) {
    const told = await mendRoot(check, roots[i] as string, drift);
    if (told === null) return null;
    for (const root of told) if (!roots.includes(root)) roots.push(root);
  }
  return drift;
}

async function mendRoot(check: DriftCheck, root: string, drift: Drift): Promise<string[] | null> {
  let roots: string[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const query: DigestQuery = { root, from };
    const answer: DigestAnswer | null = await ask(check, '/agent/v1/digest', query, DigestAnswer);
    if (!answer) return null;
    roots = answer.roots;
    if (answer.closed) break;
    if (answer.next !== null && answer.next <= from) throw new Error('The edge tells its digests in circles.');
    const own = await sumsOf(check.index, root, from, answer.next ?? DIGEST_RANGES);
    const differs = differing(own, answer.ranges);
    for (const range of differs) await mendRange(check, root, range, drift);
    for (const { range } of own) {
      if (check.whole.has(range) && !differs.includes(range)) drift.whole += await claimWhole(check, root, range);
    }
    from = answer.next;
  }
  return roots;
}

/** The ranges of either list that the other has not, or has otherwise. */
function differing(own: readonly RangeDigest[], theirs: readonly RangeDigest[]): number[] {
  const same = new Set(theirs.map(({ range, files, sum }) => `${range} ${files} ${sum}`));
  const mine = new Set(own.map(({ range, files, sum }) => `${range} ${files} ${sum}`));
  const ranges = [
    ...own.filter(({ range, files, sum }) => !same.has(`${range} ${files} ${sum}`)),
    ...theirs.filter(({ range, files, sum }) => !mine.has(`${range} ${files} ${sum}`)),
  ];
  return [...new Set(ranges.map(({ range }) => range))].sort((a, b) => a - b);
}

async function mendRange(check: DriftCheck, root: string, range: number, drift: Drift): Promise<void> {
  const { index, sentTo } = check;
  const theirs = new Map<string, string>();
  let after: string | null = null;
  for (let page = 0; page < MAX_RANGE_PAGES; page++) {
    const query: RangeQuery = { root, range, after };
    const answer: RangeAnswer | null = await ask(check, '/agent/v1/digest/range', query, RangeAnswer);
    if (!answer) return;
    for (const [pathHash, hash] of answer.files) theirs.set(pathHash, hash);
    after = answer.next;
    if (after === null) break;
  }
  // Read at one moment, after the edge's: what a scan wrote meanwhile has a later revision.
  const own = digestOfRange(index, root, range);
  const again: string[] = [];
  for (const { file, pathHash, rev } of own) {
    const held = theirs.get(pathHash);
    theirs.delete(pathHash);
    const said = file && hexOf(hashOfFile(file));
    if (rev <= sentTo && held !== (said ?? undefined)) again.push(pathHash);
  }
  const orphans = [...theirs.keys()];
  if (again.length + orphans.length === 0) return;
  index.claimAgain(root, again, orphans);
  drift.ranges++;
  drift.again += again.length;
  drift.orphans += orphans.length;
}

/** Claims all files of a range again, and answers how many: the edge writes those alone that it has otherwise. */
async function claimWhole({ index, sentTo, signal }: DriftCheck, root: string, range: number): Promise<number> {
  const files = digestOfRange(index, root, range).filter(({ file, rev }) => file !== null && rev <= sentTo);
  index.claimAgain(
    root,
    files.map(({ pathHash }) => pathHash),
    [],
  );
  // This thread relays bytes too.
  await sleep(0, undefined, { signal });
  return files.length;
}

/** The parsed answer; null where the edge has no such route, being older. */
async function ask<T extends z.ZodType<{ tookMs: number }>>(
  { target, signal }: DriftCheck,
  path: string,
  query: unknown,
  schema: T,
): Promise<z.infer<T> | null> {
  const { ok, status, text } = await post(target, path, query, signal);
  if (status === 404) return null;
  if (!ok) throw new Error(`The edge answered ${status} to a digest: ${text.slice(0, 200)}`);
  const answer = schema.parse(JSON.parse(text));
  await sleep(Math.min(MAX_REST_MS, answer.tookMs), undefined, { signal });
  return answer;
}
