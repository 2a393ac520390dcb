import { strikeFilm } from '../handover/handover.ts';
import type { BenchOptions, BenchResult } from '../measures.ts';

/** As `handover`, with a film that has to be encoded: it holds a slot, and a third machine can encode what it does not have. */
export function run(options: BenchOptions): Promise<BenchResult> {
  return strikeFilm('handover-converted', 'converted', options);
}
