import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UplinkLimit } from './uplink-limit.ts';
import { UplinkMeter } from './uplink-meter.ts';

const MB = 1024 * 1024;
const patient = () => new AbortController().signal;

describe('the limit', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  /** Sends as much as it may until the time is over; counts it. */
  function viewer(limit: UplinkLimit, name: string, requests = 1) {
    const sent = { bytes: 0 };
    const signal = patient();
    for (let i = 0; i < requests; i++) {
      void (async () => {
        for (;;) {
          await limit.admit(name, MB, signal);
          sent.bytes += MB;
        }
      })();
    }
    return sent;
  }

  it('[UP1] holds for all viewers together', async () => {
    const limit = new UplinkLimit(10 * MB);
    const viewers = ['a', 'b', 'c', 'd'].map((name) => viewer(limit, name));
    await vi.advanceTimersByTimeAsync(10_000);
    const total = viewers.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(total).toBeGreaterThan(95 * MB);
    expect(total).toBeLessThanOrEqual(104 * MB);
  });

  it('[UP2] is shared evenly, however many requests one viewer has', async () => {
    const limit = new UplinkLimit(10 * MB);
    const greedy = viewer(limit, 'greedy', 11);
    const modest = viewer(limit, 'modest');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(Math.abs(greedy.bytes - modest.bytes)).toBeLessThanOrEqual(2 * MB);
  });

  it('[UP1] forgets a viewer who leaves while he waits', async () => {
    const limit = new UplinkLimit(MB);
    const leaving = new AbortController();
    await Promise.race([limit.admit('a', MB, patient()), vi.advanceTimersByTimeAsync(10)]);
    const waiting = expect(limit.admit('b', MB, leaving.signal)).rejects.toThrow('left');
    leaving.abort(new Error('left'));
    await waiting;
    const next = limit.admit('c', MB, patient());
    await vi.advanceTimersByTimeAsync(2_100);
    await expect(next).resolves.toBeUndefined();
  });

  it('lets everything pass where there is none', async () => {
    const limit = new UplinkLimit(null);
    for (let i = 0; i < 1_000; i++) await limit.admit('a', 100 * MB, patient());
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the meter', () => {
  /** Viewers who take so many bytes a second each, for a while; each takes his time for each megabyte. */
  function play(meter: UplinkMeter, from: number, seconds: number, rates: Record<string, number>): number {
    for (let s = 1; s <= seconds; s++) {
      for (const [name, rate] of Object.entries(rates)) meter.moved(name, rate, 1_000, from + s * 1_000);
    }
    return from + seconds * 1_000;
  }

  it('knows nothing before the line was busy', () => {
    expect(new UplinkMeter().estimate()).toBeNull();
  });

  it('adds up what all viewers take', () => {
    const meter = new UplinkMeter();
    play(meter, 0, 30, { a: 3 * MB, b: 2 * MB });
    expect(meter.estimate()).toBeGreaterThan(4.5 * MB);
    expect(meter.estimate()).toBeLessThan(5.5 * MB);
  });

  it('does not take a slow viewer for a slow line', () => {
    const meter = new UplinkMeter();
    const then = play(meter, 0, 30, { a: 10 * MB });
    const before = meter.estimate();
    play(meter, then, 3_600, { slow: 100_000 });
    expect(meter.estimate()).toBe(before);
  });

  it('[UP4] takes a measurement for what the line carries, be it less or more than was seen', () => {
    const meter = new UplinkMeter();
    const then = play(meter, 0, 30, { a: 10 * MB });
    meter.measured(2 * MB, then);
    expect(meter.estimate()).toBe(2 * MB);
    play(meter, then, 60, { a: 5 * MB });
    expect(meter.estimate(), 'what was seen to leave can leave').toBeGreaterThan(4 * MB);
  });

  it('believes a slow line once it has held back several viewers for long', () => {
    const meter = new UplinkMeter();
    const then = play(meter, 0, 30, { a: 10 * MB });
    const later = play(meter, then, 300, { a: MB, b: MB });
    expect(meter.estimate(), 'a bad five minutes are not the line').toBeGreaterThan(9 * MB);
    play(meter, later, 600, { a: MB, b: MB });
    expect(meter.estimate()).toBeLessThan(3 * MB);
  });
});
