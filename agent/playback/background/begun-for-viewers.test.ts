import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { begunForViewers } from './begun-for-viewers.ts';
import type { NoPermit } from './leaves.ts';

const WORK = { kind: 'subtitles', fingerprint: 'a'.repeat(32) };

/** A track that takes a minute, and what becomes of it. */
function reading(refusal: NoPermit | null = null) {
  const state = { watched: true, asked: 0, returned: 0, refusal };
  let taken = new AbortController();
  const leaves = {
    async of() {
      state.asked++;
      if (state.refusal) return state.refusal;
      taken = new AbortController();
      return { signal: taken.signal, [Symbol.dispose]: () => void state.returned++ };
    },
  };
  const make = (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      setTimeout(() => resolve('the track'), 60_000);
      signal.addEventListener('abort', () => reject(new Error('stepped aside')));
    });
  const made = begunForViewers(leaves, WORK, () => state.watched, make);
  made.catch(() => {});
  return { state, made, takeBack: () => taken.abort() };
}

describe('what was begun for a viewer', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('[BG6] has that viewer’s leave while they watch', async () => {
    const { state, made } = reading('not-now');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await made).toBe('the track');
    expect(state.asked).toBe(0);
  });

  it('[BG6] goes on by leave of its own when they have left, and gives it back', async () => {
    const { state, made } = reading();
    await vi.advanceTimersByTimeAsync(15_000);
    state.watched = false;
    await vi.advanceTimersByTimeAsync(45_000);
    expect(await made).toBe('the track');
    expect([state.asked, state.returned]).toEqual([1, 1]);
  });

  it('[BG6] is given up where there is none, or none any more', async () => {
    const refused = reading('not-now');
    refused.state.watched = false;
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(refused.made).rejects.toThrow('stepped aside');

    const taken = reading();
    taken.state.watched = false;
    await vi.advanceTimersByTimeAsync(10_000);
    taken.takeBack();
    await expect(taken.made).rejects.toThrow('stepped aside');
    expect(taken.state.returned).toBe(1);
  });

  it('[BG6] is the viewer’s again who comes back to it', async () => {
    const { state, made, takeBack } = reading();
    state.watched = false;
    await vi.advanceTimersByTimeAsync(20_000);
    state.watched = true;
    takeBack();
    await vi.advanceTimersByTimeAsync(40_000);
    expect(await made).toBe('the track');
    expect([state.asked, state.returned]).toEqual([1, 1]);
  });
});
