import { describe, expect, it } from 'vitest';
import { frameArguments, pictureArguments } from './still-arguments.ts';

const QUIET = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'];
const JPEG = [
  ...['-filter:v', "scale=w='min(400\\,iw*sar)':h=-2,setsar=1"],
  ...['-q:v', '4', '-map_metadata', '-1', '-f', 'mjpeg', 'pipe:1'],
];

describe('the arguments of', () => {
  it('a picture name its demuxer, so that its name means nothing', () => {
    const args = pictureArguments({ path: '/p/100%1 $(x).jpg', demuxer: 'jpeg_pipe', clear: false, width: 400 });
    expect(args).toEqual([...QUIET, '-f', 'jpeg_pipe', '-i', 'file:/p/100%1 $(x).jpg', '-vframes', '1', ...JPEG]);
  });

  it('a clear picture keep what is seen through it', () => {
    const args = pictureArguments({ path: '/p/logo.png', demuxer: 'png_pipe', clear: true, width: 400 });
    expect(args.slice(-9)).toEqual([
      ...['-c:v', 'png', '-pix_fmt', 'rgba', '-map_metadata', '-1', '-f', 'image2pipe', 'pipe:1'],
    ]);
  });

  it('a frame take the keyframe nearest to the time', () => {
    const args = frameArguments({ path: '/p/a.mkv', seconds: 61.5, width: 400, tonemap: false });
    const seek = ['-ss', '61.5', '-noaccurate_seek', '-skip_frame', 'nokey'];
    expect(args.slice(0, 11).sort()).toEqual([...QUIET, ...seek].slice(0, 11).sort());
    expect(args.slice(-JPEG.length)).toEqual(JPEG);
    const light = frameArguments({ path: '/p/a.mkv', seconds: 61.5, width: 400, tonemap: true });
    expect(light[light.indexOf('-filter:v') + 1]).toBe(
      "scale=w='min(400\\,iw*sar)':h=-2,setsar=1,zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709," +
        'tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv',
    );
  });
});
