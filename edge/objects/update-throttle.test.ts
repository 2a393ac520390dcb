import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UpdateThrottle } from './update-throttle.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('tells the first at once, and what follows within a second together at its end', () => {
  const told: string[][] = [];
  const throttle = new UpdateThrottle((ids) => told.push(ids));
  throttle.add(['1'], 1000);
  throttle.add(['2'], 1100);
  throttle.add(['2', '3'], 1900);
  expect(told).toEqual([['1']]);
  vi.advanceTimersByTime(899);
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([['1'], ['2', '3']]);
  throttle.add(['4'], 3000);
  expect(told).toEqual([['1'], ['2', '3'], ['4']]);
});

it('waits a whole second again after what it told late', () => {
  const told: string[][] = [];
  const throttle = new UpdateThrottle((ids) => told.push(ids));
  throttle.add([], 1000);
  throttle.add([], 1500);
  vi.advanceTimersByTime(500);
  throttle.add(['9'], 2100);
  expect(told).toEqual([[], []]);
  vi.advanceTimersByTime(900);
  expect(told).toEqual([[], [], ['9']]);
});
