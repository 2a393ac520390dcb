import { expect, test } from 'vitest';
import { decideDeletion } from './deletions.ts';

const NOW = 1_750_000_000_000;
const DAY = 24 * 60 * 60 * 1000;
const base = { missing: 0, known: 1000, found: 900, heldSince: null, accepted: false };

test.each([
  ['nothing missing', {}, 'delete'],
  ['a few files', { missing: 50 }, 'delete'],
  ['many files of very many', { missing: 51, known: 100_000 }, 'delete'],
  ['many files', { missing: 51 }, 'hold'],
  ['many files that have waited for a day', { missing: 51, heldSince: NOW - DAY }, 'delete'],
  ['many files that have waited for less', { missing: 51, heldSince: NOW - DAY + 1 }, 'hold'],
  ['many files that a person knows of', { missing: 900, accepted: true }, 'delete'],
  ['everything', { missing: 3, known: 3, found: 0 }, 'outage'],
  ['everything for a day', { missing: 900, found: 0, heldSince: NOW - 2 * DAY }, 'outage'],
  ['everything, and a person knows of it', { missing: 3, found: 0, accepted: true }, 'delete'],
])('%s: %j → %s', (_, change, expected) => {
  expect(decideDeletion({ ...base, ...change }, NOW)).toBe(expected);
});
