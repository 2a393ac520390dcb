import type { ScanRun } from '../../../shared/api/scans.ts';

export interface Fold {
  /** The newest of them. */
  run: ScanRun;
  /** How many it stands for, itself included. */
  times: number;
}

/**
 * Runs, the newest first, where those that a change began and that went well stand once for each folder as long as
 * nothing else came between: a film that is being copied is seen again and again.
 */
export function foldRuns(runs: readonly ScanRun[]): Fold[] {
  const folds: Fold[] = [];
  let stretch = new Map<string, Fold>();
  for (const run of runs) {
    if (run.trigger !== 'change' || run.state !== 'done' || run.message !== null || run.problems > 0) {
      stretch = new Map();
      folds.push({ run, times: 1 });
      continue;
    }
    const key = JSON.stringify([run.agent.id, run.root.id]);
    const fold = stretch.get(key);
    if (fold) {
      fold.times++;
      continue;
    }
    const first = { run, times: 1 };
    stretch.set(key, first);
    folds.push(first);
  }
  return folds;
}
