import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EdgeLeave } from '../../link/leave-asker.ts';
import { Leaves, type Permit } from './leaves.ts';

const WORK = { kind: 'previews', fingerprint: 'a'.repeat(32) };
const yes = { may: true, forMs: 60_000 } as const;

/** An edge that answers as it is told to; `later` holds its answers back. */
function edge(answer: EdgeLeave = yes) {
  const state = { answer, asks: 0, returned: 0, later: null as Promise<void> | null };
  const leaves = new Leaves({
    async ask() {
      state.asks++;
      await state.later;
      return state.answer;
    },
    giveBack: () => void state.returned++,
  });
  const permit = async () => {
    const got = await leaves.of(WORK);
    if (typeof got === 'string') throw new Error(got);
    return got as Permit;
  };
  return { state, leaves, permit };
}

describe('leave to work in the background', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('[BG3] is renewed while the work goes on, and given back with its end', async () => {
    const { state, permit } = edge();
    const held = await permit();
    await vi.advanceTimersByTimeAsync(300_000);
    expect([state.asks, held.signal.aborted]).toEqual([11, false]);
    held[Symbol.dispose]();
    await vi.advanceTimersByTimeAsync(300_000);
    expect([state.asks, state.returned]).toEqual([11, 1]);
  });

  it.each([
    [{ may: false, because: 'same-work' }, 'same-work'],
    [{ may: false, because: 'viewer-waits' }, 'not-now'],
    ['unanswered', 'not-now'],
  ] as const)('[BG2] is none where the edge says %j', async (answer, meaning) => {
    const { state, leaves } = edge(answer);
    expect(await leaves.of(WORK)).toBe(meaning);
    state.answer = yes;
    expect(await leaves.of(WORK)).toMatchObject({ signal: { aborted: false } });
    expect(state.returned).toBe(0);
  });

  it('[BG5] is its own where no edge gives any, until one does', async () => {
    const { state, leaves, permit } = edge('own-rule');
    const held = await permit();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(held.signal.aborted).toBe(false);
    state.answer = { may: false, because: 'draining' };
    leaves.linked();
    await vi.advanceTimersByTimeAsync(0);
    expect(held.signal.aborted).toBe(true);
  });

  it('[BG4] ends when it is taken back, also before its answer has come', async () => {
    const { state, leaves, permit } = edge();
    const held = await permit();
    leaves.stop({ ...WORK, kind: 'subtitles' });
    expect(held.signal.aborted).toBe(false);
    leaves.stop(WORK);
    expect(held.signal.aborted).toBe(true);
    held[Symbol.dispose]();

    const { promise, resolve } = Promise.withResolvers<void>();
    state.later = promise;
    const early = leaves.of(WORK);
    leaves.stop(WORK);
    resolve();
    expect(await early).toBe('not-now');
    // The edge may think that it goes on.
    expect(state.returned).toBe(2);
  });

  it('ends when somebody wants the machine', async () => {
    const { leaves, permit } = edge('own-rule');
    const held = await permit();
    leaves.stepAside();
    expect(held.signal.aborted).toBe(true);
  });

  it('[BG3] outlives an edge that does not answer by what is left of it', async () => {
    const { state, permit } = edge();
    const held = await permit();
    state.answer = 'unanswered';
    await vi.advanceTimersByTimeAsync(50_000);
    expect(held.signal.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(held.signal.aborted).toBe(true);
  });

  it('is of one piece of work once', async () => {
    const { leaves, permit } = edge();
    using _held = await permit();
    expect(await leaves.of(WORK)).toBe('same-work');
  });
});
