import { expect, test } from 'vitest';
import { parseHours, withinHours } from './hours.ts';

const at = (hour: number, minute = 0) => new Date(2026, 5, 1, hour, minute);

test.each([
  ['02:00-05:00', 1, false],
  ['02:00-05:00', 2, true],
  ['02:00-05:00', 5, false],
  ['22:00-04:00', 23, true],
  ['22:00-04:00', 3, true],
  ['22:00-04:00', 12, false],
  ['20:00-24:00', 23, true],
])('within %s at %i o’clock: %s', (hours, hour, expected) => {
  expect(withinHours(parseHours(hours), at(hour))).toBe(expected);
});

test('without hours it is always time', () => {
  expect(withinHours(null, at(12))).toBe(true);
});

test.each(['2-5', '25:00-26:00', '02:00-02:00', '02:61-03:00', 'at night'])('%s is no part of a day', (text) => {
  expect(parseHours(text)).toBeNull();
});
