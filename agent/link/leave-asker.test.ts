import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentFrame } from '../../shared/protocol/frames.ts';
import { LeaveAsker } from './leave-asker.ts';

const WORK = { kind: 'previews', fingerprint: 'a'.repeat(32) };

function asker(isOpen = true) {
  const said: AgentFrame[] = [];
  return { said, asker: new LeaveAsker((frame) => isOpen && said.push(frame) > 0) };
}

describe('asking for leave', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('[BG5] says nothing to an edge that knows nothing of it: the own rule holds', async () => {
    const { said, asker: one } = asker();
    expect(await one.ask(WORK)).toBe('own-rule');
    one.linked(false);
    expect(await one.ask(WORK)).toBe('own-rule');
    one.giveBack(WORK);
    expect(said).toEqual([]);
  });

  it('[BG1] takes each answer by its id, once, and passes over those of nobody', async () => {
    const { said, asker: one } = asker();
    one.linked(true);
    const asks = [one.ask(WORK), one.ask({ ...WORK, kind: 'subtitles' })];
    one.answered('w_9', { may: true, forMs: 9 });
    one.answered('w_2', { may: false, because: 'draining' });
    one.answered('w_1', { may: true, forMs: 1 });
    one.answered('w_1', { may: false, because: 'draining' });
    expect(await Promise.all(asks)).toEqual([
      { may: true, forMs: 1 },
      { may: false, because: 'draining' },
    ]);
    one.giveBack(WORK);
    expect(said.at(-1)).toEqual({ type: 'background', id: 'w_3', work: WORK, done: true });
  });

  it('[BG5] waits no longer than the link and its deadline hold', async () => {
    const { asker: one } = asker();
    one.linked(true);
    const cut = one.ask(WORK);
    one.unlinked();
    expect(await cut).toBe('own-rule');
    one.linked(true);
    const late = one.ask(WORK);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await late).toBe('unanswered');
    const { asker: closed } = asker(false);
    closed.linked(true);
    expect(await closed.ask(WORK)).toBe('own-rule');
  });
});
