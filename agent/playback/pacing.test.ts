import { describe, expect, it } from 'vitest';
import { nextMove, shouldRead } from './pacing.ts';

describe('the next move of a producer', () => {
  it('is nothing while nobody waits', () => {
    expect(nextMove(null, [])).toBe('go-on');
    expect(nextMove({ next: 3 }, [])).toBe('go-on');
  });

  it('is to start where the viewer is', () => {
    expect(nextMove(null, [7])).toEqual({ startAt: 7 });
  });

  it('is to wait for what comes soon', () => {
    expect(nextMove({ next: 3 }, [3])).toBe('go-on');
    expect(nextMove({ next: 3 }, [7])).toBe('go-on');
  });

  it('is to start again for what is far ahead or already past', () => {
    expect(nextMove({ next: 3 }, [8])).toEqual({ startAt: 8 });
    expect(nextMove({ next: 3 }, [2])).toEqual({ startAt: 2 });
  });

  it('follows the newest wish', () => {
    expect(nextMove({ next: 3 }, [3, 90])).toEqual({ startAt: 90 });
    expect(nextMove({ next: 90 }, [3, 90])).toBe('go-on');
  });
});

describe('reading from ffmpeg', () => {
  it('stops far ahead and goes on only when the lead has shrunk', () => {
    expect([39, 40].map((ahead) => shouldRead('video', true, ahead))).toEqual([true, false]);
    expect([30, 29].map((ahead) => shouldRead('video', false, ahead))).toEqual([false, true]);
    expect([5, 6].map((ahead) => shouldRead('audio', true, ahead))).toEqual([true, false]);
    expect([4, 3].map((ahead) => shouldRead('audio', false, ahead))).toEqual([false, true]);
  });
});
