import { describe, expect, it } from 'vitest';
import { readVtt } from '../../../shared/media/web-vtt.ts';
import { shifted, windowSpan, windowText } from './windows.ts';

const cue = (start: number, end: number, text: string) => ({ start, end, settings: '', text });

describe('a window of subtitles', () => {
  it('is read from ten seconds before, and not from before the film', () => {
    expect(windowSpan(0)).toEqual({ from: 0, seconds: 60 });
    expect(windowSpan(3)).toEqual({ from: 170, seconds: 70 });
  });

  it('holds what is shown in it, over both its edges', () => {
    const cues = [cue(50, 60, 'before'), cue(58, 61, 'in'), cue(118, 125, 'out'), cue(120, 121, 'after')];
    const text = windowText(cues, 1);
    expect(text.startsWith('WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n')).toBe(true);
    expect(readVtt(text).map((one) => one.text)).toEqual(['in', 'out']);
  });

  it('counts from the film’s beginning', () => {
    expect(shifted([cue(1, 2, 'a')], 170)).toEqual([cue(171, 172, 'a')]);
  });
});
