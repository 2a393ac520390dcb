import { describe, expect, it } from 'vitest';
import { readVtt, stamp, writeVtt } from './web-vtt.ts';

const TEXT = [
  'WEBVTT',
  'X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000',
  '',
  'NOTE nothing',
  '',
  '12',
  '00:01.000 --> 00:02.500 line:10% align:start',
  '<i>Grüße</i>',
  'second line',
  '',
  '',
  '01:00:00.250 --> 100:00:01.000',
  'late',
].join('\r\n');

describe('WebVTT', () => {
  it('is read cue by cue, with settings and tags as they are', () => {
    expect(readVtt(TEXT)).toEqual([
      { start: 1, end: 2.5, settings: 'line:10% align:start', text: '<i>Grüße</i>\nsecond line' },
      { start: 3600.25, end: 360_001, settings: '', text: 'late' },
    ]);
  });

  it('is written so that it reads the same again', () => {
    const cues = readVtt(TEXT);
    const text = writeVtt(cues, ['X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000']);
    expect(text.split('\n').slice(0, 4)).toEqual([
      'WEBVTT',
      'X-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000',
      '',
      '00:00:01.000 --> 00:00:02.500 line:10% align:start',
    ]);
    expect(readVtt(text)).toEqual(cues);
    expect(writeVtt([])).toBe('WEBVTT\n\n');
  });

  it('has no time before 0, and rounds to what it can say', () => {
    expect([stamp(-3), stamp(59.9996), stamp(3661.0014)]).toEqual(['00:00:00.000', '00:01:00.000', '01:01:01.001']);
  });

  it.each(['', 'no subtitles', '00:00.000 --> later\nx', '\n\n\n'])('of nonsense has no cues: %j', (text) => {
    expect(readVtt(text)).toEqual([]);
  });
});
