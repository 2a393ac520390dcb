import { describe, expect, it } from 'vitest';
import { subtitleArguments, tracksArguments, windowArguments } from './subtitle-arguments.ts';

const QUIET = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'];

describe('the arguments of', () => {
  it('a text track name its encoding where ffmpeg cannot know it', () => {
    expect(subtitleArguments({ path: '/s/ü.srt', stream: 0, charset: 'WINDOWS-1252', form: 'webvtt' })).toEqual([
      ...[...QUIET, '-sub_charenc', 'WINDOWS-1252', '-i', 'file:/s/ü.srt', '-map', '0:0', '-c:s', 'webvtt'],
      ...['-f', 'webvtt', 'pipe:1'],
    ]);
    expect(subtitleArguments({ path: '/s/a.mkv', stream: 3, charset: null, form: 'ass' })).toEqual([
      ...[...QUIET, '-i', 'file:/s/a.mkv', '-map', '0:3', '-c:s', 'ass', '-f', 'ass', 'pipe:1'],
    ]);
  });

  it('a text track for later read the film slowly', () => {
    const args = subtitleArguments({ path: '/s/a.mkv', stream: 3, charset: null, form: 'webvtt', gently: true });
    expect(args.slice(QUIET.length, QUIET.length + 4)).toEqual(['-readrate', '40', '-i', 'file:/s/a.mkv']);
  });

  it('all tracks of a film read it once, slowly, and end none in another', () => {
    const tracks = [
      { stream: 3, form: 'webvtt', file: '/c/0' },
      { stream: 4, form: 'ass', file: '/c/1' },
    ] as const;
    expect(tracksArguments({ path: '/s/a.mkv', tracks, maxBytes: 1000 })).toEqual([
      ...[...QUIET, '-readrate', '40', '-i', 'file:/s/a.mkv'],
      ...['-map', '0:3', '-c:s', 'webvtt', '-fs', '1000', '-f', 'webvtt', 'file:/c/0'],
      ...['-map', '0:4', '-c:s', 'ass', '-fs', '1000', '-f', 'ass', 'file:/c/1'],
    ]);
  });

  it('a window read a clock along, and end with it', () => {
    expect(windowArguments({ path: '/s/a.mkv', stream: 3, clock: 1, from: 110, seconds: 70, complete: true })).toEqual({
      args: [
        ...[
          ...QUIET,
          '-progress',
          'pipe:2',
          '-stats_period',
          '0.05',
          '-probesize',
          '200000',
          '-analyzeduration',
          '200000',
          '-ss',
          '110.000',
          '-i',
          'file:/s/a.mkv',
        ],
        ...['-map', '0:3', '-to', '75.000', '-c:s', 'webvtt', '-flush_packets', '1', '-f', 'webvtt', 'pipe:1'],
        ...['-map', '0:1', '-to', '76.000', '-c', 'copy', '-f', 'null', '-'],
      ],
      clockEnd: 75_000_000,
    });
    expect(
      windowArguments({ path: '/s/a.mkv', stream: 3, clock: 1, from: 0, seconds: 60, complete: false }).args,
    ).not.toContain('-ss');
  });
});
