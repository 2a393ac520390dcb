import { expect, it } from 'vitest';
import { titleCount } from './library-words.ts';

it.each([
  [1, false, '1 title'],
  [1200, false, '1,200 titles'],
  [500, true, '500+ titles'],
  [null, false, ''],
] as const)('%s titles, more: %s, is “%s”', (items, more, expected) => {
  expect(titleCount({ items, more })).toBe(expected);
});
