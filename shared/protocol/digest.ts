import { z } from 'zod';
import { PathHash, RootId } from './names.ts';
import type { Claim } from './sync.ts';

/** A root's files fall into this many ranges, by the first byte of their path hashes. */
export const DIGEST_RANGES = 256;

/** Most files that one answer names. */
export const MAX_RANGE_FILES = 2000;

const Took = { tookMs: z.number().nonnegative() };

/** `POST /agent/v1/digest`: what the edge holds of the agent's files in one root, range by range, from one on. */
export const DigestQuery = z.object({
  root: RootId,
  from: z
    .number()
    .int()
    .min(0)
    .max(DIGEST_RANGES - 1)
    .default(0),
});
export type DigestQuery = z.infer<typeof DigestQuery>;

/** Of one range: how many files, and the sum of their hashes in hex. Ranges without files are left out. */
export const RangeDigest = z.object({
  range: z
    .number()
    .int()
    .min(0)
    .max(DIGEST_RANGES - 1),
  files: z.number().int().positive(),
  sum: z.string().regex(/^[0-9a-f]{16}$/),
});
export type RangeDigest = z.infer<typeof RangeDigest>;

export const DigestAnswer = z.object({
  /** Every root of which the edge may hold files of this agent. */
  roots: z.array(RootId),
  ranges: z.array(RangeDigest).max(DIGEST_RANGES),
  /** The range to ask from next; null where all are told. */
  next: z.number().int().nullable(),
  /** The root is in no library: what is claimed of it is not taken, and there is nothing to compare. */
  closed: z.boolean().optional(),
  ...Took,
});
export type DigestAnswer = z.infer<typeof DigestAnswer>;

/** `POST /agent/v1/digest/range`: the files behind one range's digest, after a path hash. */
export const RangeQuery = z.object({
  root: RootId,
  range: z
    .number()
    .int()
    .min(0)
    .max(DIGEST_RANGES - 1),
  after: PathHash.nullable().default(null),
});
export type RangeQuery = z.infer<typeof RangeQuery>;

export const RangeAnswer = z.object({
  files: z.array(z.tuple([PathHash, z.string().regex(/^[0-9a-f]{16}$/)])).max(MAX_RANGE_FILES),
  /** The path hash to ask after next; null where all are told. */
  next: PathHash.nullable(),
  ...Took,
});
export type RangeAnswer = z.infer<typeof RangeAnswer>;

/** What both ends know of a file, by which they see whether they know the same. */
export interface DigestedFile {
  pathHash: string;
  path: string;
  size: number;
  mtimeMs: number;
  /** The fingerprint, or the code of what is wrong. */
  content: string;
}

/** A claim as both ends keep it; null for a file that is gone. */
export function digestedClaim(claim: Claim): DigestedFile | null {
  if (claim.state === 'gone') return null;
  const { pathHash, path } = claim;
  if (claim.state === 'problem') return { pathHash, path, size: 0, mtimeMs: 0, content: claim.code };
  return { pathHash, path, size: claim.size, mtimeMs: claim.mtimeMs, content: claim.fingerprint };
}

/** The range of a path hash. */
export const rangeOf = (pathHash: string): number => Number.parseInt(pathHash.slice(0, 2), 16);

/** Where a range begins, and what lies behind its last path hash. */
export const rangeStart = (range: number): string => range.toString(16).padStart(2, '0');
export const rangeEnd = (range: number): string => (range + 1 < DIGEST_RANGES ? rangeStart(range + 1) : 'g');

/** A file's hash: two words of 32 bits. It finds drift and proves nothing, so it need not withstand anybody. */
export type FileHash = readonly [high: number, low: number];

export function hashOfFile({ pathHash, path, size, mtimeMs, content }: DigestedFile): FileHash {
  const text = `${pathHash}\n${size}\n${mtimeMs}\n${content}\n${path}`;
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    high = Math.imul(high ^ unit, 0x01000193);
    low = Math.imul(low ^ unit, 0x5bd1e995) ^ (low >>> 15);
  }
  return [finished(high ^ (low >>> 16)), finished(low ^ (high >>> 16))];
}

/** MurmurHash3's last step: each bit of the input reaches each bit of the output. */
function finished(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return (twice ^ (twice >>> 16)) >>> 0;
}

export const hexOf = ([high, low]: FileHash): string =>
  [high, low].map((word) => word.toString(16).padStart(8, '0')).join('');

/** Counts files by range, in whatever order they come. */
export class RangeSums {
  readonly #sums = new Map<number, { files: number; high: number; low: number }>();

  add(file: DigestedFile): void {
    const range = rangeOf(file.pathHash);
    const [high, low] = hashOfFile(file);
    const sum = this.#sums.get(range) ?? { files: 0, high: 0, low: 0 };
    this.#sums.set(range, { files: sum.files + 1, high: (sum.high + high) >>> 0, low: (sum.low + low) >>> 0 });
  }

  /** In order of the ranges. */
  ranges(): RangeDigest[] {
    return [...this.#sums]
      .sort(([a], [b]) => a - b)
      .map(([range, { files, high, low }]) => ({ range, files, sum: hexOf([high, low]) }));
  }
}
