import { describe, expect, it } from 'vitest';
import type { AudioRendition, VideoRendition } from '../../shared/media/plan.ts';
import {
  audioCopyArguments,
  audioTranscodeArguments,
  videoCopyArguments,
  videoTranscodeArguments,
} from './segment-arguments.ts';
import { softwareWay } from './video-way.ts';

const input = { url: 'file:/films/A: film.mkv', protocols: 'file,pipe', startTime: 1.4, seekMargin: 0, complete: true };
const video: VideoRendition = {
  ...{ id: 'v720', stream: 0, action: 'transcode', codec: 'h264', width: 1280, height: 720, bitrate: 4_000_000 },
  ...{ frameRate: { num: 25, den: 1 }, codecs: 'avc1.64001f', tonemap: false, deinterlace: false },
};
const sound: AudioRendition = {
  ...{ id: 'a1', stream: 2, action: 'transcode', codec: 'aac', channels: 2, sampleRate: 48_000, bitrate: 160_000 },
  ...{ codecs: 'mp4a.40.2', language: null, title: null, default: true },
};
const source = { codec: 'h264', bitDepth: 8, hdr: 'none', rotation: 0 } as const;
const SOUND = { input, rendition: sound, source: { channels: 2, sampleRate: 48_000 }, frameSamples: 1024 };

const transcode = (more: Partial<VideoRendition> = {}, fromFrame = 100) =>
  videoTranscodeArguments({
    input,
    rendition: { ...video, ...more },
    rate: { num: 25, den: 1 },
    fromFrame,
    toFrame: 300,
    keyFrames: [200],
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
        'settb=1/90000,setpts=PTS-126000,fps=fps=25/1:start_time=4.000000,tpad=stop_mode=clone:stop_duration=10,' +
        'trim=end_pts=300,scale=1280:720:flags=bilinear,setsar=1,format=yuv420p -fps_mode passthrough ' +
        '-c:v libx264 -preset veryfast -crf 23 -sc_threshold 0 -rc-lookahead 4 -maxrate 4000k -bufsize 8000k ' +
        '-profile:v high -level 3.1 -g 9999 -force_key_frames 7.990000 -bsf:v dump_extra=freq=keyframe ' +
        `-video_track_timescale 90000 -movflags ${MOVFLAGS} ${OUTPUT}`,
    );
  });

  it('a video transcode from the start do not seek', () => {
    expect(transcode({}, 0)).not.toContain('-ss');
  });

  it('a video transcode that deinterlaces and tonemaps: before the grid, and after scaling', () => {
    const args = transcode({ deinterlace: true, tonemap: true });
    const filters = args[args.indexOf('-vf') + 1];
    expect(filters).toMatch(/^settb=1\/90000,setpts=PTS-126000,bwdif=[^,]+,fps=/);
    expect(filters).toMatch(/,scale=1280:720:flags=bilinear,setsar=1,zscale=t=linear.*r=tv,format=yuv420p$/);
  });

  it('a video copy, with the tag that Apple wants for HEVC', () => {
    const rendition: VideoRendition = { ...video, action: 'copy', codec: 'hevc' };
    expect(line(videoCopyArguments({ input: { ...input, seekMargin: 1 }, rendition, fromSeconds: 4 }))).toBe(
      `${COMMON} -noaccurate_seek -ss 3.010000 -i file:/films/A:␣film.mkv -map 0:0 -an -sn -dn -c:v copy ` +
        `-tag:v hvc1 -strict experimental -video_track_timescale 90000 -movflags ${MOVFLAGS} ${OUTPUT}`,
    );
  });

  it('a sound transcode, which begins eight frames early', () => {
    expect(line(audioTranscodeArguments({ ...SOUND, fromFrame: 188, toFrame: 400 }))).toBe(
      `${COMMON} -noaccurate_seek -ss 3.590000 -probesize 200000 -analyzeduration 200000 -i file:/films/A:␣film.mkv -map 0:2 -vn -sn -dn -af ` +
        'asetpts=PTS-1.400000/TB,atrim=start=3.590000,' +
        'aresample=48000:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=184320,apad=pad_dur=10,' +
        `atrim=end_pts=410624 -ac 2 -ar 48000 -c:a aac -b:a 160k -movflags ${MOVFLAGS} ${OUTPUT}`,
    );
  });

  it('a sound transcode of surround to stereo and to AC-3', () => {
    const stereo = audioTranscodeArguments({
      ...SOUND,
      source: { channels: 6, sampleRate: 44_100 },
      fromFrame: 0,
      toFrame: 4,
    });
    expect(stereo[stereo.indexOf('-af') + 1]).toBe(
      'asetpts=PTS-1.400000/TB,aresample=48000,aresample=48000:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=0,apad=pad_dur=10,' +
        'atrim=end_pts=5120,aformat=channel_layouts=5.1,' +
        'pan=stereo|FL=0.35*FL+0.45*FC+0.2*BL|FR=0.35*FR+0.45*FC+0.2*BR',
    );
    const rendition: AudioRendition = { ...sound, codec: 'ac3', channels: 6, bitrate: 640_000 };
    const surround = {
      ...SOUND,
      rendition,
      source: { channels: 6, sampleRate: 48_000 },
      frameSamples: 1536,
      fromFrame: 10,
      toFrame: 20,
    };
    expect(line(audioTranscodeArguments(surround))).toBe(
      `${COMMON} -probesize 200000 -analyzeduration 200000 -i file:/films/A:␣film.mkv -map 0:2 -vn -sn -dn -af ` +
        'asetpts=PTS-1.400000/TB,' +
        'aresample=48000:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=3072,apad=pad_dur=10,' +
        `atrim=end_pts=32256 -ac 6 -ar 48000 -c:a ac3 -b:a 640k -movflags ${MOVFLAGS}+delay_moov ${OUTPUT}`,
    );
  });

  it('a sound copy, whose header waits for the first packet', () => {
    const stream = { ...input, complete: false };
    expect(line(audioCopyArguments({ input: stream, rendition: sound, fromSeconds: 0 }))).toBe(
      `${COMMON} -i file:/films/A:␣film.mkv -map 0:2 -vn -sn -dn -c:a copy -strict experimental ` +
        `-bsf:a aac_adtstoasc -movflags ${MOVFLAGS}+delay_moov ${OUTPUT}`,
    );
  });
});
