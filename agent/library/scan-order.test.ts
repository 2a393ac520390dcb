import { expect, test } from 'vitest';
import { merged, scanOrder } from './scan-order.ts';

test('two scans of a root that wait become one, which does what both want', () => {
  const timer = scanOrder('timer', { acceptDeletions: true });
  const hand = scanOrder('hand', { full: true });
  expect(merged(timer, hand)).toEqual({ run: timer.run, trigger: 'hand', acceptDeletions: true, full: true });
  expect(merged(hand, scanOrder('change'))).toEqual(hand);
});

test('every run has a name of its own', () => {
  expect(scanOrder('start').run).not.toBe(scanOrder('start').run);
  expect(scanOrder('start').run).toMatch(/^run_[\w-]{22}$/);
});
