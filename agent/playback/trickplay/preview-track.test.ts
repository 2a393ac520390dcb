import { expect, it } from 'vitest';
import { previewTrack } from './preview-track.ts';

it('names the sheet and the place of each picture, and ends with the film', () => {
  const grid = { interval: 10, columns: 2, rows: 1, width: 320, height: 180, count: 3, seconds: 25 };
  expect(previewTrack(grid, 3_625_500 - 3_600_000)).toBe(
    [
      'WEBVTT',
      '',
      '00:00:00.000 --> 00:00:10.000',
      '0.jpg#xywh=0,0,320,180',
      '',
      '00:00:10.000 --> 00:00:20.000',
      '0.jpg#xywh=320,0,320,180',
      '',
      '00:00:20.000 --> 00:00:25.500',
      '1.jpg#xywh=0,0,320,180',
      '',
    ].join('\n'),
  );
});
