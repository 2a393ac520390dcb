import { MAX_BATCH_CLAIMS } from '../../../shared/protocol/sync.ts';

/**
 * A batch holds the edge's database alone while it is written, and a page asks the database up to three times: at this
 * length readers wait a tenth of a second at most.
 */
const AIM_MS = 30;
const MIN_CLAIMS = 10;
export const FIRST_CLAIMS = 50;

/** How many claims the next batch has, by how long the edge took for the last one. At most doubles or halves. */
export function nextBatchSize(size: number, tookMs: number): number {
  const factor = Math.min(2, Math.max(0.5, AIM_MS / Math.max(1, tookMs)));
  return Math.min(MAX_BATCH_CLAIMS, Math.max(MIN_CLAIMS, Math.round(size * factor)));
}
