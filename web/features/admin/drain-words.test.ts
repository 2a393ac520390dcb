import { expect, it } from 'vitest';
import { drainWords } from './drain-words.ts';

it('a machine that is emptied says how many are left, and when it can be stopped', () => {
  expect([0, 1, 2].map(drainWords)).toEqual([
    'Drained: it can be stopped',
    'Draining, 1 session left',
    'Draining, 2 sessions left',
  ]);
});
