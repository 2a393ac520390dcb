import { describe, expect, it } from 'vitest';
import type { VideoRendition } from '../../shared/media/plan.ts';
import { type PaintedText, textFilters } from './painted-text.ts';
import { videoTranscodeArguments } from './segment-arguments.ts';
import { softwareWay } from './video-way.ts';

const text: PaintedText = { folder: "/cache/it's: [mine], \\really", file: 'text.ass' };

describe('the filters of text in a picture', () => {
  it('name nothing that is not ours', () => {
    expect(textFilters(text, null)).toBe('subtitles=filename=text.ass:fontsdir=fonts');
    expect(textFilters({ ...text, file: 'text.vtt' }, null)).toBe('subtitles=filename=text.vtt:fontsdir=fonts');
  });

  it.each([
    ['PQ', 0.58],
    ['HLG', 0.75],
  ] as const)('draw it as bright as a page in %s, in ten bits', (range, white) => {
    expect(textFilters(text, range).split(';')).toEqual([
      'split[under][over]',
      '[over]format=rgba,lutrgb=r=0:g=0:b=0:a=0,subtitles=filename=text.ass:fontsdir=fonts:alpha=1,' +
        `lutrgb=r=val*${white}:g=val*${white}:b=val*${white}[text]`,
      '[under][text]overlay=alpha=premultiplied:format=yuv420p10',
    ]);
  });
});

it('a transcode with text draws it on pictures that have the film’s own times, and reads the film from no earlier', () => {
  const rendition: VideoRendition = {
    ...{ id: 'v720', stream: 0, action: 'transcode', codec: 'h264', width: 1280, height: 720, bitrate: 4_000_000 },
    ...{ frameRate: { num: 25, den: 1 }, codecs: 'avc1.64001f', tonemap: false, deinterlace: false, burnIn: 3 },
  };
  const source = { codec: 'h264', bitDepth: 8, hdr: 'none', rotation: 0 } as const;
  const way = softwareWay({ source, rendition }, 'veryfast', false);
  const input = { url: 'file:/f/a.mkv', protocols: 'file,pipe', startTime: 30, seekMargin: 0, complete: true };
  const range = { rate: rendition.frameRate, fromFrame: 500, toFrame: 600, keyFrames: [] };
  const args = videoTranscodeArguments({ input, rendition, way, ...range, text });
  const at = args.indexOf('-noaccurate_seek');
  expect(args.slice(at, at + 13)).toEqual([
    ...['-noaccurate_seek', '-ss', '20.000000', '-i', 'file:/f/a.mkv', '-map', '0:0', '-an', '-sn', '-dn', '-vf'],
    'settb=1/90000,setpts=PTS-2700000,tpad=stop_mode=clone:stop_duration=10,fps=fps=25/1:start_time=20.000000,' +
      'trim=end_pts=600,scale=1280:720:flags=bilinear,setsar=1,subtitles=filename=text.ass:fontsdir=fonts,format=yuv420p',
    '-fps_mode',
  ]);
  expect(args.join(' ')).not.toContain(text.folder);
});
