import { describe, expect, it } from 'vitest';
import { encoderNamed } from './encoders.ts';
import { videoTranscodeArguments } from './segment-arguments.ts';

/** The whole argv of a transcode from 4 s to 8 s at 25 fps, as it would be typed. */
function line(name: string): string {
  const encoder = encoderNamed(name);
  if (!encoder) throw new Error(`no ${name}`);
  return videoTranscodeArguments({
    input: { path: '/films/a.mkv', startTime: 0, seekMargin: 0, complete: true },
    rendition: {
      ...{ id: 'v720', stream: 0, action: 'transcode', codec: 'h264', width: 1280, height: 720, bitrate: 4_000_000 },
      ...{ frameRate: { num: 25, den: 1 }, codecs: 'avc1.64001f', tonemap: false, deinterlace: false },
    },
    rate: { num: 25, den: 1 },
    fromFrame: 100,
    toFrame: 200,
    keyFrames: [150],
    encoder,
    preset: 'veryfast',
  }).join(' ');
}

const COMMON = '-hide_banner -nostdin -loglevel error -protocol_whitelist file,pipe -copyts';
const INPUT = '-noaccurate_seek -ss 4.000000 -i file:/films/a.mkv -map 0:0 -an -sn -dn';
const GRID =
  'settb=1/90000,setpts=PTS-0,fps=fps=25/1:start_time=4.000000,tpad=stop_mode=clone:stop_duration=10,' +
  'trim=end_pts=200,scale=1280:720:flags=bilinear,setsar=1';
const REST =
  '-profile:v high -level 3.1 -g 9999 -force_key_frames 5.990000 -bsf:v dump_extra=freq=keyframe ' +
  '-video_track_timescale 90000 -movflags +cmaf+empty_moov+default_base_moof+frag_discont+frag_every_frame+skip_trailer ' +
  '-use_editlist 0 -avoid_negative_ts disabled -map_metadata -1 -map_chapters -1 -flush_packets 1 -f mp4 pipe:1';

describe('the argv of a transcode', () => {
  it.each([
    [
      'h264_nvenc',
      '-hwaccel cuda',
      'format=yuv420p',
      '-preset p4 -rc vbr -cq 24 -forced-idr 1 -no-scenecut 1 -maxrate 4000k -bufsize 8000k',
    ],
    [
      'h264_qsv',
      '-hwaccel auto',
      'format=nv12',
      '-preset veryfast -forced_idr 1 -b:v 3200k -maxrate 4000k -bufsize 8000k',
    ],
    [
      'h264_vaapi',
      '-vaapi_device /dev/dri/renderD128 -hwaccel vaapi',
      'format=nv12,hwupload',
      '-b:v 3200k -maxrate 4000k -bufsize 8000k',
    ],
    [
      'h264_videotoolbox',
      '-hwaccel videotoolbox',
      'format=yuv420p',
      '-realtime 1 -b:v 3200k -maxrate 4000k -bufsize 8000k',
    ],
  ])('by %s decodes and encodes on the chip', (name, device, upload, options) => {
    expect(line(name)).toBe(
      `${COMMON} ${device} ${INPUT} -vf ${GRID},${upload} -fps_mode passthrough -c:v ${name} ${options} ${REST}`,
    );
  });
});
