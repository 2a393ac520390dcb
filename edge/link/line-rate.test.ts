import { expect, it } from 'vitest';
import { LineRate } from './line-rate.ts';

const MINUTE = 60_000;

function line(stored: number | null) {
  const kept: number[] = [];
  const counters = { uplink: null as number | null };
  const storage = { uplink: () => stored, setUplink: (rate: number) => void kept.push(rate) };
  return { kept, counters, rate: new LineRate(storage, counters) };
}

it('[UP3] keeps the last figure, and what is nearly the same is no news', () => {
  const { kept, counters, rate } = line(1_000);
  expect(counters.uplink).toBe(1_000);
  expect([rate.take(null, MINUTE), rate.take(1_100, MINUTE), rate.take(1_101, MINUTE)]).toEqual([false, false, true]);
  expect([kept, counters.uplink]).toEqual([[1_101], 1_101]);
});

it('tells placement now and then, and keeps what came between', () => {
  const { kept, rate } = line(null);
  expect([1, 2, 3].map((k) => rate.take(k * 1_000, MINUTE + k * 7_000))).toEqual([true, false, false]);
  expect(rate.take(9_000, 2 * MINUTE)).toBe(true);
  expect(kept).toEqual([1_000, 2_000, 3_000, 9_000]);
});

it('knows a figure that could not be kept', () => {
  const counters = { uplink: null as number | null };
  const setUplink = () => {
    throw new Error('the disk is full');
  };
  const rate = new LineRate({ uplink: () => null, setUplink }, counters);
  expect([rate.take(5, MINUTE), counters.uplink]).toEqual([true, 5]);
});
