import { expect, it } from 'vitest';
import { isBackupDue } from './backup-schedule.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000_000;

it.each([
  ['never', null, false],
  ['day', null, true],
  ['day', NOW - 23 * HOUR, false],
  ['day', NOW - 24 * HOUR + 60_000, true],
  ['week', NOW - 6 * 24 * HOUR, false],
  ['week', NOW - 7 * 24 * HOUR, true],
] as const)('every %s, the last at %s: %s', (every, lastAt, due) => {
  expect(isBackupDue(every, lastAt, NOW)).toBe(due);
});
