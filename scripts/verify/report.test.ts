import { expect, test } from 'vitest';
import { failed, ok } from './check.ts';
import { describeCheck, summarise } from './report.ts';

test('a check that failed says what was found, what it means and what to do', () => {
  const check = failed('Pause', 'broken after 3 s', 'Who pauses loses the film.', 'Look for a proxy.');
  expect(describeCheck(check, false)).toBe(
    '✗ Pause: broken after 3 s\n    Who pauses loses the film.\n    → Look for a proxy.',
  );
});

test('no line is wider than a terminal', () => {
  const lines = describeCheck(ok('A', null, 'word '.repeat(100).trim()), false).split('\n');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(96);
});

test('the last line counts', () => {
  expect(summarise([ok('A', null, '')])).toBe('All is well.');
  expect(summarise([ok('A', null, ''), failed('B', null, '', '')])).toMatch(/^1 failed, 0 to look at/);
});
