import { strikeFilm } from '../handover/handover.ts';
import type { BenchOptions, BenchResult } from '../measures.ts';

/** A film whose picture is copied, in Chromium with ten seconds buffered, while machines, network and edge fail. */
export function run(options: BenchOptions): Promise<BenchResult> {
  return strikeFilm('handover', 'copied', options);
}
