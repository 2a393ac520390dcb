import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UplinkProbe } from './uplink-probe.ts';

const TIMES = { firstMs: 5_000, everyMs: 60_000, lookMs: 1_000 };
const TAKES_MS = 2_000;

let quiet = true;
let measured = 0;
let found: number[] = [];
let probe: UplinkProbe;

beforeEach(() => {
  vi.useFakeTimers();
  quiet = true;
  measured = 0;
  found = [];
  probe = new UplinkProbe(TIMES, {
    quiet: () => quiet,
    measure: async () => {
      const rate = ++measured * 1_000;
      await new Promise((resolve) => setTimeout(resolve, TAKES_MS));
      return rate;
    },
    found: (rate) => found.push(rate),
  });
});
afterEach(() => {
  probe[Symbol.dispose]();
  vi.useRealTimers();
});

it('[UP4] measures soon after the start, and then rarely', async () => {
  await vi.advanceTimersByTimeAsync(4_900);
  expect(measured).toBe(0);
  await vi.advanceTimersByTimeAsync(50_000);
  expect([measured, found]).toEqual([1, [1_000]]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect([measured, found]).toEqual([2, [1_000, 2_000]]);
});

it('[UP4] waits until nothing flows', async () => {
  quiet = false;
  await vi.advanceTimersByTimeAsync(300_000);
  expect(measured).toBe(0);
  quiet = true;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(found).toEqual([1_000]);
});

it('[UP4] throws away what a viewer came into, and measures again', async () => {
  await vi.advanceTimersByTimeAsync(5_500);
  expect(measured).toBe(1);
  quiet = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(found).toEqual([]);
  quiet = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(found).toEqual([2_000]);
});
