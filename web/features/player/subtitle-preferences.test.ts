import { describe, expect, it } from 'vitest';
import {
  keepSubtitleOffset,
  keepSubtitleSize,
  movedOffset,
  offsetWords,
  subtitleOffset,
  subtitleSize,
} from './subtitle-preferences.ts';

function storage(kept: Record<string, string> = {}) {
  return {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value;
    },
  };
}

describe('what is remembered of subtitles', () => {
  it('is an offset for each title, until it is 0 again', () => {
    const kept = storage();
    keepSubtitleOffset(kept, '7', 1.5);
    keepSubtitleOffset(kept, '8', -0.5);
    expect([subtitleOffset(kept, '7'), subtitleOffset(kept, '8'), subtitleOffset(kept, '9')]).toEqual([1.5, -0.5, 0]);
    keepSubtitleOffset(kept, '7', 0);
    expect([subtitleOffset(kept, '7'), subtitleOffset(kept, '8')]).toEqual([0, -0.5]);
  });

  it('is bounded: the oldest title is forgotten', () => {
    const kept = storage();
    for (let i = 0; i <= 200; i++) keepSubtitleOffset(kept, String(i), 1);
    expect([subtitleOffset(kept, '0'), subtitleOffset(kept, '1'), subtitleOffset(kept, '200')]).toEqual([0, 1, 1]);
  });

  it('is a size of those that there are', () => {
    const kept = storage();
    expect(subtitleSize(kept)).toBe(1);
    keepSubtitleSize(kept, 1.35);
    expect(subtitleSize(kept)).toBe(1.35);
    expect(subtitleSize(storage({ 'hearthcast.subtitle-size': '40' }))).toBe(1);
  });

  it.each(['', '{', '7', '[["a"]]', '[["a",1e9]]', '[null]'])('survives what another wrote: %s', (text) => {
    expect(subtitleOffset(storage({ 'hearthcast.subtitle-offsets': text }), 'a')).toBe(0);
  });
});

it('an offset moves in tenths, within ten minutes, and is written with its sign', () => {
  expect([movedOffset(0.1, 0.2), movedOffset(599.9, 0.5), movedOffset(-600, -0.5)]).toEqual([0.3, 600, -600]);
  expect([offsetWords(0), offsetWords(0.5), offsetWords(-1.25)]).toEqual(['0 s', '+0.5 s', '−1.3 s']);
});
