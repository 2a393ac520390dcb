import { expect, it } from 'vitest';
import { setupCodeMatches } from './setup-code.ts';

it.each(['ABCD-EFGH', 'abcd-efgh', 'ABCDEFGH', ' abcd efgh '])('is right however it is typed: "%s"', async (typed) => {
  expect(await setupCodeMatches(typed, 'ABCD-EFGH')).toBe(true);
});

it.each(['ABCD-EFGX', 'ABCD', '', '-'])('is wrong otherwise: "%s"', async (typed) => {
  expect(await setupCodeMatches(typed, 'ABCD-EFGH')).toBe(false);
});

it('is never right where the deployment has none', async () => {
  expect(await setupCodeMatches('', '')).toBe(false);
  expect(await setupCodeMatches('--', '-')).toBe(false);
});
