import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IndexedCopy } from '../../library/copies.ts';
import { createNightShift, mayWork } from './night-shift.ts';

const film = (fingerprint: string) => ({ fingerprint }) as IndexedCopy;

/** Films of three sheets each; every sheet takes a second. */
function stage(state = { hour: 2, viewers: 0, room: true }) {
  const made: string[] = [];
  const broken = new Set<string>();
  const shift = createNightShift({
    trickplay: {
      bytes: () => Promise.reject(new Error('nobody asks')),
      async makeNext({ fingerprint }, signal) {
        if (broken.has(fingerprint)) throw new Error('no pictures here');
        if (made.filter((one) => one === fingerprint).length === 3) return false;
        await new Promise((resolve, reject) => {
          setTimeout(resolve, 1000);
          signal.addEventListener('abort', () => reject(signal.reason));
        });
        made.push(fingerprint);
        return true;
      },
      [Symbol.asyncDispose]: async () => {},
    },
    films: () => [film('a'), film('b')],
    viewers: () => state.viewers,
    room: () => state.room,
    hour: () => state.hour,
    log: pino({ level: 'silent' }),
  });
  return { shift, made, broken, state };
}

describe('the night shift', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('works at night alone, and only while nobody watches', () => {
    expect([0, 1, 5, 6, 14].map((hour) => mayWork(hour, 0))).toEqual([false, true, true, false, false]);
    expect(mayWork(3, 1)).toBe(false);
  });

  it('makes every film’s sheets, one after another, and then nothing', async () => {
    const { shift, made } = stage();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(made).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
    await shift[Symbol.asyncDispose]();
  });

  it('gives up what it makes when somebody watches, and goes on later', async () => {
    const { shift, made, state } = stage();
    await vi.advanceTimersByTimeAsync(61_500);
    state.viewers = 1;
    shift.stepAside();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(made).toEqual(['a']);
    state.viewers = 0;
    await vi.advanceTimersByTimeAsync(200_000);
    expect(made).toHaveLength(6);
    await shift[Symbol.asyncDispose]();
  });

  it('does not try a film again that has none, and stops where nothing more is kept', async () => {
    const { shift, made, broken, state } = stage();
    broken.add('a');
    await vi.advanceTimersByTimeAsync(61_500);
    state.room = false;
    await vi.advanceTimersByTimeAsync(200_000);
    expect(made).toEqual(['b', 'b']);
    await shift[Symbol.asyncDispose]();
  });

  it('stops at once when the agent does', async () => {
    const { shift, made } = stage();
    await vi.advanceTimersByTimeAsync(60_500);
    await shift[Symbol.asyncDispose]();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(made).toEqual([]);
  });
});
