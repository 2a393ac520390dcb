import { describe, expect, it } from 'vitest';
import { videoStream } from '../../test/fakes/media-samples.ts';
import { audioCodecString, madeCodecString, madeLevel, videoCodecString } from './codecs.ts';
import type { VideoStream } from './media-info.ts';

describe('a codec string in RFC 6381', () => {
  const VIDEO: [string, Partial<VideoStream>, string | null][] = [
    ['H.264 High at 4.0', {}, 'avc1.640028'],
    ['H.264 Main at 3.1', { profile: 'Main', level: 31 }, 'avc1.4D401F'],
    ['H.264 Baseline at 3.0', { profile: 'Baseline', level: 30 }, 'avc1.42001E'],
    ['H.264 Constrained Baseline at 1.3', { profile: 'Constrained Baseline', level: 13 }, 'avc1.42E00D'],
    ['H.264 High 10 at 5.1', { profile: 'High 10', level: 51 }, 'avc1.6E0033'],
    ['H.264 4:2:2', { profile: 'High 4:2:2', level: 41 }, 'avc1.7A0029'],
    ['H.264 4:4:4', { profile: 'High 4:4:4 Predictive', level: 41 }, 'avc1.F40029'],
    ['H.264 of an unknown profile', { profile: null }, 'avc1.640028'],
    ['H.264 of an unknown level, from its size', { level: null }, 'avc1.640028'],
    ['H.264 of level -99, from its size', { level: -99, width: 1280, height: 720 }, 'avc1.64001F'],
    ['HEVC Main at 4.0', { codec: 'hevc', profile: 'Main', level: 120 }, 'hvc1.1.6.L120.B0'],
    ['HEVC Main 10 at 5.1', { codec: 'hevc', profile: 'Main 10', level: 153, bitDepth: 10 }, 'hvc1.2.4.L153.B0'],
    ['HEVC of an unknown level', { codec: 'hevc', profile: null, level: null }, 'hvc1.1.6.L120.B0'],
    ['AV1 Main at 4.0, 8 bit', { codec: 'av1', profile: 'Main', level: 8 }, 'av01.0.08M.08'],
    ['AV1 Main at 5.1, 10 bit', { codec: 'av1', profile: 'Main', level: 13, bitDepth: 10 }, 'av01.0.13M.10'],
    ['VP9 of an unknown level, 1080p24', { codec: 'vp9', profile: 'Profile 0', level: -99 }, 'vp09.00.40.08'],
    ['VP9 10 bit, 4K', { codec: 'vp9', level: null, bitDepth: 10, width: 3840, height: 2160 }, 'vp09.02.50.10'],
    ['VP9 with its level', { codec: 'vp9', level: 31 }, 'vp09.00.31.08'],
    ['MPEG-2, which segments never carry', { codec: 'mpeg2video' }, null],
    ['MPEG-4 part 2, which segments never carry', { codec: 'mpeg4' }, null],
  ];
  it.each(VIDEO)('for %s', (_name, change, expected) => {
    expect(videoCodecString(videoStream(change))).toBe(expected);
  });

  it.each([
    ['aac', 'LC', 'mp4a.40.2'],
    ['aac', null, 'mp4a.40.2'],
    ['aac', 'HE-AAC', 'mp4a.40.5'],
    ['aac', 'HE-AACv2', 'mp4a.40.29'],
    ['mp3', null, 'mp4a.40.34'],
    ['ac3', null, 'ac-3'],
    ['eac3', null, 'ec-3'],
    ['opus', null, 'opus'],
    ['flac', null, 'fLaC'],
    ['vorbis', null, 'vorbis'],
  ] as const)('for sound in %s %s', (codec, profile, expected) => {
    expect(audioCodecString(codec, profile)).toBe(expected);
  });
});

describe('the level of an H.264 transcode', () => {
  it.each([
    [640, 360, 24, 1_000_000, 30, '1E'],
    [854, 480, 25, 2_000_000, 30, '1E'],
    [1280, 720, 24, 4_000_000, 31, '1F'],
    [1280, 720, 60, 6_000_000, 32, '20'],
    [1920, 1080, 24, 8_000_000, 40, '28'],
    [1920, 1080, 60, 12_000_000, 42, '2A'],
    [2560, 1440, 30, 16_000_000, 50, '32'],
    [3840, 2160, 30, 25_000_000, 51, '33'],
    [3840, 2160, 60, 40_000_000, 52, '34'],
  ])('holds %i×%i at %i frames a second and %i bit/s in %i', (width, height, fps, bitrate, level, hex) => {
    const made = { codec: 'h264' as const, width, height, fps, bitrate, ten: false };
    expect(madeLevel(made)).toBe(level);
    expect(madeCodecString(made)).toBe(`avc1.6400${hex}`);
  });
});

describe('the codec string of a transcode', () => {
  it.each([
    ['hevc', 640, 360, 24, 600_000, false, 'hvc1.1.6.L63.B0'],
    ['hevc', 1280, 720, 24, 2_400_000, false, 'hvc1.1.6.L93.B0'],
    ['hevc', 1920, 1080, 24, 4_800_000, false, 'hvc1.1.6.L120.B0'],
    ['hevc', 1920, 1080, 60, 7_200_000, false, 'hvc1.1.6.L123.B0'],
    ['hevc', 3840, 2160, 24, 15_000_000, true, 'hvc1.2.4.L150.B0'],
    ['hevc', 3840, 2160, 60, 22_500_000, true, 'hvc1.2.4.L153.B0'],
    ['av1', 640, 360, 24, 500_000, false, 'av01.0.01M.08'],
    ['av1', 1280, 720, 24, 2_000_000, false, 'av01.0.05M.08'],
    ['av1', 1920, 1080, 24, 4_000_000, false, 'av01.0.08M.08'],
    ['av1', 3840, 2160, 60, 20_000_000, true, 'av01.0.13M.10'],
  ] as const)('in %s at %i×%i, %i frames and %i bit/s', (codec, width, height, fps, bitrate, ten, expected) => {
    expect(madeCodecString({ codec, width, height, fps, bitrate, ten })).toBe(expected);
  });
});
