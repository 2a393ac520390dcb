import { describe, expect, it } from 'vitest';
import type { VideoRendition } from '../../shared/media/plan.ts';
import { videoCopyArguments, videoTranscodeArguments } from './segment-arguments.ts';
import { softwareWay } from './video-way.ts';

const input = { url: 'file:/films/A: film.mkv', protocols: 'file,pipe', startTime: 1.4, seekMargin: 0, complete: true };
const video: VideoRendition = {
  ...{ id: 'v720', stream: 0, action: 'transcode', codec: 'h264', width: 1280, height: 720, bitrate: 4_000_000 },
  ...{ frameRate: { num: 25, den: 1 }, codecs: 'avc1.64001f', tonemap: false, deinterlace: false },
};
const source = { codec: 'h264', bitDepth: 8, hdr: 'none', rotation: 0 } as const;

const transcode = (more: Partial<VideoRendition> = {}, fromFrame = 100, endsAt: number | null = null) =>
  videoTranscodeArguments({
    input,
    rendition: { ...video, ...more },
    rate: { num: 25, den: 1 },
    fromFrame,
    toFrame: 300,
    keyFrames: [200],
    endsAt,
    way: softwareWay({ source, rendition: { ...video, ...more } }, 'veryfast', false),
  });

const COMMON = '-hide_banner -nostdin -loglevel error -protocol_whitelist file,pipe -copyts';
const OUTPUT =
  '-use_editlist 0 -avoid_negative_ts disabled -map_metadata -1 -map_chapters -1 -flush_packets 1 -f mp4 pipe:1';
const MOVFLAGS = '+cmaf+empty_moov+default_base_moof+frag_discont+frag_every_frame+skip_trailer';

/** Joins what belongs to one argument by `␣`, so that a whole argv reads as one line. */
const line = (args: readonly string[]) => args.map((arg) => arg.replaceAll(' ', '␣')).join(' ');

describe('the arguments of', () => {
  it('a video transcode in the middle of a film', () => {
    expect(line(transcode())).toBe(
      `${COMMON} -noaccurate_seek -ss 4.000000 -i file:/films/A:␣film.mkv -map 0:0 -an -sn -dn -vf ` +
        'settb=1/90000,setpts=PTS-126000,tpad=stop_mode=clone:stop_duration=10,fps=fps=25/1:start_time=4.000000,' +
        'trim=end_pts=300,scale=1280:720:flags=bilinear,setsar=1,format=yuv420p -fps_mode passthrough ' +
        '-c:v libx264 -preset veryfast -crf 23 -sc_threshold 0 -rc-lookahead 4 -maxrate 4000k -bufsize 8000k ' +
        '-profile:v high -level 3.1 -g 9999 -force_key_frames 7.990000 -bsf:v dump_extra=freq=keyframe ' +
        `-video_track_timescale 90000 -movflags ${MOVFLAGS} ${OUTPUT}`,
    );
  });

  it('a video transcode of a file whose header says all look at no packets first', () => {
    const range = { fromFrame: 100, toFrame: 300, keyFrames: [], rate: { num: 25, den: 1 } };
    const way = softwareWay({ source, rendition: video }, 'veryfast', false);
    const args = videoTranscodeArguments({ input, rendition: video, ...range, way, described: true });
    expect(line(args)).toContain('-ss 4.000000 -probesize 32 -analyzeduration 0 -i file:/films/A:␣film.mkv');
  });

  it('a video transcode from the start do not seek', () => {
    expect(transcode({}, 0)).not.toContain('-ss');
  });

  it('a video transcode that deinterlaces and tonemaps: before the grid, and after scaling', () => {
    const args = transcode({ deinterlace: true, tonemap: true });
    const filters = args[args.indexOf('-vf') + 1];
    expect(filters).toMatch(/^settb=1\/90000,setpts=PTS-126000,bwdif=[^,]+,tpad=[^,]+,fps=/);
    expect(filters).toMatch(/,scale=1280:720:flags=bilinear,setsar=1,zscale=t=linear.*r=tv,format=yuv420p$/);
  });

  it('a video transcode where the film goes on without pictures: the last one is found, and stands', () => {
    const args = transcode({}, 100, 3);
    expect(args[args.indexOf('-ss') + 1]).toBe('1.000000');
    expect(args[args.indexOf('-vf') + 1]).toContain(',tpad=stop_mode=clone:stop=-1,fps=fps=25/1:start_time=4.000000,');
  });

  it('a video copy, with the tag that Apple wants for HEVC', () => {
    const rendition: VideoRendition = { ...video, action: 'copy', codec: 'hevc' };
    expect(line(videoCopyArguments({ input: { ...input, seekMargin: 1 }, rendition, fromSeconds: 4 }))).toBe(
      `${COMMON} -noaccurate_seek -ss 3.010000 -i file:/films/A:␣film.mkv -map 0:0 -an -sn -dn -c:v copy ` +
        `-tag:v hvc1 -strict experimental -video_track_timescale 90000 -movflags ${MOVFLAGS} ${OUTPUT}`,
    );
  });
});
