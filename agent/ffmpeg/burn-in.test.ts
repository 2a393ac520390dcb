import { describe, expect, it } from 'vitest';
import type { VideoRendition } from '../../shared/media/plan.ts';
import { burnInGraph } from './burn-in.ts';
import { videoTranscodeArguments } from './segment-arguments.ts';
import { softwareWay } from './video-way.ts';

const size = { width: 1280, height: 720 };

describe('the graph of subtitles in a picture', () => {
  it('fits their canvas into the size that is encoded, on the film’s own clock', () => {
    const graph = burnInGraph({
      ...{ video: 0, subtitle: { stream: 3, path: null }, startTime: 10.5, size },
      ...{ picture: ['fps=25', 'scale=1280:720'], upload: 'format=yuv420p', range: null },
    });
    expect(graph.split(';')).toEqual([
      '[0:0]fps=25,scale=1280:720[picture]',
      '[0:3]setpts=PTS-10.500000/TB,scale=1280:720:force_original_aspect_ratio=decrease:flags=bilinear[canvas]',
      '[picture][canvas]overlay=x=(W-w)/2:y=H-h:eof_action=pass,format=yuv420p[v]',
    ]);
  });

  it('paints them as bright as a page in HDR, in ten bits', () => {
    const graph = burnInGraph({
      ...{ video: 0, subtitle: { stream: 3, path: null }, startTime: 0, size },
      ...{ picture: ['scale=1280:720'], upload: 'format=yuv420p10le', range: 'PQ' },
    });
    expect(graph).toContain(':flags=bilinear,format=rgba,lutrgb=r=val*0.58:g=val*0.58:b=val*0.58[canvas]');
    expect(graph).toContain(':eof_action=pass:format=yuv420p10,format=yuv420p10le[v]');
  });

  it('takes those of a file beside the film from that, whose clock begins at 0', () => {
    const graph = burnInGraph({
      ...{ video: 2, subtitle: { stream: 0, path: '/s/film.idx' }, startTime: 10.5, size },
      ...{ picture: ['scale=1280:720'], upload: 'format=yuv420p', range: null },
    });
    expect(graph).toContain('[1:0]scale=1280:720:force_original');
  });
});

describe('the arguments of a transcode with subtitles in its picture', () => {
  const rendition: VideoRendition = {
    ...{ id: 'v720', stream: 0, action: 'transcode', codec: 'h264', ...size, bitrate: 4_000_000 },
    ...{ frameRate: { num: 25, den: 1 }, codecs: 'avc1.64001f', tonemap: false, deinterlace: false, burnIn: 3 },
  };
  const source = { codec: 'h264', bitDepth: 8, hdr: 'none', rotation: 0 } as const;
  const way = softwareWay({ source, rendition }, 'veryfast', false);
  const input = { url: 'file:/f/a.mkv', protocols: 'file,pipe', startTime: 0, seekMargin: 0, complete: true };
  const base = { input, rendition, rate: rendition.frameRate, way, keyFrames: [] };

  it('read the film from ten seconds before', () => {
    const args = videoTranscodeArguments({ ...base, fromFrame: 500, toFrame: 600, burnIn: { stream: 3, path: null } });
    const at = args.indexOf('-noaccurate_seek');
    expect(args.slice(at, at + 5)).toEqual(['-noaccurate_seek', '-ss', '10.000000', '-i', 'file:/f/a.mkv']);
    expect(args[at + 5]).toBe('-filter_complex');
    expect(args[at + 6]).toContain(
      '[0:0]settb=1/90000,setpts=PTS-0,tpad=stop_mode=clone:stop_duration=10,fps=fps=25/1:start_time=20.000000',
    );
    expect(args.slice(at + 7, at + 14)).toEqual(['-map', '[v]', '-an', '-sn', '-dn', '-fps_mode', 'passthrough']);
    expect(args).not.toContain('-vf');
  });

  it('open the file of subtitles beside it at the same place', () => {
    const burnIn = { stream: 0, path: '/f/a.idx' };
    const args = videoTranscodeArguments({ ...base, fromFrame: 500, toFrame: 600, burnIn });
    const at = args.indexOf('file:/f/a.mkv');
    expect(args.slice(at + 1, at + 6)).toEqual(['-noaccurate_seek', '-ss', '10.000000', '-i', 'file:/f/a.idx']);
    const start = videoTranscodeArguments({ ...base, fromFrame: 0, toFrame: 100, burnIn });
    expect(start).not.toContain('-ss');
  });
});
