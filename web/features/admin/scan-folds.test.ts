import { expect, test } from 'vitest';
import type { ScanRun } from '../../../shared/api/scans.ts';
import { foldRuns } from './scan-folds.ts';

let ids = 0;
const run = (root: string, about: Partial<ScanRun> = {}): ScanRun =>
  ({
    ...{ id: String(ids++), root: { id: root, name: root }, agent: { id: 'agt', name: 'attic' }, problems: 0 },
    ...{ trigger: 'change', state: 'done', message: null, ...about },
  }) as ScanRun;

test('what a change began stands once for each folder', () => {
  const [newest, other] = [run('films'), run('shows')];
  expect(foldRuns([newest, other, run('films'), run('films'), run('shows')])).toEqual([
    { run: newest, times: 3 },
    { run: other, times: 2 },
  ]);
});

test.each([
  ['one that was asked for', { trigger: 'hand' }],
  ['one that runs', { state: 'running' }],
  ['one that failed', { state: 'failed' }],
  ['one with problems', { problems: 1 }],
  ['one with a word to say', { message: 'A disk is away.' }],
] as const)('%s stands by itself, and ends what was one', (_, about) => {
  const runs = [run('films'), run('films', about), run('films')];
  expect(foldRuns(runs)).toEqual(runs.map((one) => ({ run: one, times: 1 })));
});
