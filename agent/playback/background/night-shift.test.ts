import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { IndexedCopy } from '../../library/copies.ts';
import { createNightShift, mayWork } from './night-shift.ts';

const film = (fingerprint: string) => ({ fingerprint }) as IndexedCopy;

/** Films of three sheets each; every sheet takes a second. `tracks`: whether those of a film that has some are made. */
function stage(state = { hour: 2, viewers: 0, room: true }, tracks = new Map<string, boolean>()) {
  const made: string[] = [];
  const broken = new Set<string>();
  const refused = new Map<string, 'same-work' | 'not-now'>();
  const asked: string[] = [];
  const returned: string[] = [];
  let aside = new AbortController();
  const lacks = (fingerprint: string) => made.filter((one) => one === fingerprint).length < 3;
  const shift = createNightShift({
    works: [
      {
        kind: 'previews',
        room: () => state.room,
        maker: {
          lacks: async ({ fingerprint }) => lacks(fingerprint),
          async makeNext({ fingerprint }, signal) {
            if (broken.has(fingerprint)) throw new Error('no pictures here');
            if (!lacks(fingerprint)) return false;
            await new Promise((resolve, reject) => {
              setTimeout(resolve, 1000);
              signal.addEventListener('abort', () => reject(signal.reason));
            });
            made.push(fingerprint);
            return true;
          },
        },
      },
      {
        kind: 'subtitles',
        room: () => true,
        maker: {
          lacks: async ({ fingerprint }) => tracks.get(fingerprint) === false,
          async makeNext({ fingerprint }) {
            if (tracks.get(fingerprint) !== false) return false;
            tracks.set(fingerprint, true);
            return true;
          },
        },
      },
    ],
    leaves: {
      async of({ kind, fingerprint }) {
        asked.push(`${kind} ${fingerprint}`);
        const refusal = refused.get(fingerprint);
        if (refusal) return refusal;
        aside = new AbortController();
        return { signal: aside.signal, [Symbol.dispose]: () => void returned.push(fingerprint) };
      },
    },
    films: () => [film('a'), film('b')],
    viewers: () => state.viewers,
    hour: () => state.hour,
    log: pino({ level: 'silent' }),
  });
  return { shift, made, broken, refused, asked, returned, state, stepAside: () => aside.abort() };
}

describe('the night shift', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('works at night alone, and only while nobody watches', () => {
    expect([0, 1, 5, 6, 14].map((hour) => mayWork(hour, 0))).toEqual([false, true, true, false, false]);
    expect(mayWork(3, 1)).toBe(false);
  });

  it('makes every film’s sheets, one after another, and then nothing', async () => {
    const { shift, made, asked, returned } = stage();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(made).toEqual(['a', 'a', 'a', 'b', 'b', 'b']);
    expect(asked).toEqual(['previews a', 'previews b']);
    expect(returned).toEqual(['a', 'b']);
    await shift[Symbol.asyncDispose]();
  });

  it('gives up what it makes when somebody watches, and goes on later', async () => {
    const { shift, made, state, stepAside, returned } = stage();
    await vi.advanceTimersByTimeAsync(61_500);
    state.viewers = 1;
    stepAside();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(made).toEqual(['a']);
    expect(returned).toEqual(['a']);
    state.viewers = 0;
    await vi.advanceTimersByTimeAsync(200_000);
    expect(made).toHaveLength(6);
    await shift[Symbol.asyncDispose]();
  });

  it('[BG2] works on another film where one is being worked on elsewhere, and on none where people come first', async () => {
    const { shift, made, refused, asked } = stage();
    refused.set('a', 'same-work');
    await vi.advanceTimersByTimeAsync(64_500);
    expect(made).toEqual(['b', 'b', 'b']);
    refused.set('a', 'not-now');
    made.length = 0;
    asked.length = 0;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([made, asked]).toEqual([[], ['previews a']]);
    refused.clear();
    await vi.advanceTimersByTimeAsync(70_000);
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

  it('makes each kind of what a film lacks by leave of its own, and goes on with the others where one has no room', async () => {
    const tracks = new Map([
      ['a', false],
      ['b', true],
    ]);
    const { shift, made, asked, returned } = stage(undefined, tracks);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(asked).toEqual(['previews a', 'subtitles a', 'previews b']);
    expect(returned).toEqual(['a', 'a', 'b']);
    expect([made.length, tracks.get('a')]).toEqual([6, true]);
    await shift[Symbol.asyncDispose]();

    const full = stage({ hour: 2, viewers: 0, room: false }, new Map([['b', false]]));
    await vi.advanceTimersByTimeAsync(200_000);
    expect([full.asked, full.made]).toEqual([['subtitles b'], []]);
    await full.shift[Symbol.asyncDispose]();
  });

  it('stops at once when the agent does', async () => {
    const { shift, made } = stage();
    await vi.advanceTimersByTimeAsync(60_500);
    await shift[Symbol.asyncDispose]();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(made).toEqual([]);
  });
});
