import { expect, it } from 'vitest';
import { Gaps } from './gaps.ts';

it('a gap goes to where something was made, and the last one to the end', () => {
  const gaps = new Gaps();
  expect(gaps.behind(0, 10)).toBeNull();
  gaps.passed(0, 4, new Set([3]));
  gaps.passed(5, 6, new Set());
  expect([0, 2, 3, 4, 5, 6].map((k) => gaps.behind(k, 10))).toEqual([3, 3, null, null, 6, null]);
  gaps.endsAt(8);
  expect([7, 8, 9].map((k) => gaps.behind(k, 10))).toEqual([null, 10, 10]);
});
