import { expect, it } from 'vitest';
import { DRAIN_MS, enter, heard, NEXT_PART_MS, newWatch, overdue, SILENCE_MS, STALL_MS } from './watch.ts';

const T0 = 1_000_000;

/** An agent that speaks each second until `until`. */
function speak(watch: ReturnType<typeof newWatch>, from: number, until: number, moved: number): void {
  for (let t = from; t <= until; t += 1_000) heard(watch, moved, t);
}

it('[LV2] gives up after three seconds without a word of the request', () => {
  const watch = newWatch(T0, 30_000);
  expect(overdue(watch, T0 + SILENCE_MS - 1)).toBeNull();
  expect(overdue(watch, T0 + SILENCE_MS)).toBe('silence');
  heard(watch, 0, T0 + 2_000);
  expect(overdue(watch, T0 + 4_999)).toBeNull();
  expect(overdue(watch, T0 + 5_000)).toBe('silence');
});

it('[LV2] notices silence in the middle of a body', () => {
  const watch = newWatch(T0, 30_000);
  enter(watch, 'flowing', T0 + 100, 10_000_000);
  expect(overdue(watch, T0 + 100 + SILENCE_MS)).toBe('silence');
});

it('[LV7] gives up at the deadline an agent that works and does not get there', () => {
  const watch = newWatch(T0, 30_000);
  speak(watch, T0, T0 + 30_000, 0);
  expect(overdue(watch, T0 + 29_999)).toBeNull();
  expect(overdue(watch, T0 + 30_000)).toBe('deadline');
});

it('[LV7] has no deadline for a body that has begun', () => {
  const watch = newWatch(T0, 30_000);
  enter(watch, 'flowing', T0 + 1_000, 10_000_000);
  for (let t = T0; t <= T0 + 40_000; t += 1_000) heard(watch, t - T0, t);
  expect(overdue(watch, T0 + 40_000)).toBeNull();
});

it('[LV5] waits five seconds for the next part', () => {
  const watch = newWatch(T0, 30_000);
  enter(watch, 'between', T0);
  speak(watch, T0, T0 + 6_000, 0);
  expect(overdue(watch, T0 + NEXT_PART_MS - 1)).toBeNull();
  expect(overdue(watch, T0 + NEXT_PART_MS)).toBe('next-part');
});

it('[LV6] ends a relay that moves no byte for a minute', () => {
  const watch = newWatch(T0, 30_000);
  enter(watch, 'flowing', T0, 50_000_000);
  heard(watch, 1_000_000, T0 + 1_000);
  speak(watch, T0 + 2_000, T0 + 61_000, 1_000_000);
  expect(overdue(watch, T0 + 1_000 + STALL_MS - 1)).toBeNull();
  expect(overdue(watch, T0 + 1_000 + STALL_MS)).toBe('stalled');
});

it('[LV6] goes on for a slow viewer for as long as bytes move', () => {
  const watch = newWatch(T0, 30_000);
  enter(watch, 'flowing', T0, 50_000_000);
  for (let t = 0; t <= 600_000; t += 1_000) {
    heard(watch, Math.floor(t / 55_000), T0 + t);
    expect(overdue(watch, T0 + t)).toBeNull();
  }
});

it('[LV6] gives a viewer five minutes for what the agent has handed over whole', () => {
  const watch = newWatch(T0, 30_000);
  enter(watch, 'flowing', T0, 8_000_000);
  heard(watch, 8_000_000, T0 + 1_000);
  speak(watch, T0 + 2_000, T0 + 301_000, 8_000_000);
  expect(overdue(watch, T0 + 1_000 + DRAIN_MS - 1)).toBeNull();
  expect(overdue(watch, T0 + 1_000 + DRAIN_MS)).toBe('stalled');
});
