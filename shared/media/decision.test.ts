import { describe, expect, it } from 'vitest';
import { audioStream, CHROMIUM, DEMO, mediaInfo, subtitleStream, videoStream } from '../../test/fakes/media-samples.ts';
import { type DecisionInput, decide } from './decision.ts';
import type { DeviceProfile } from './device-profile.ts';
import { Plan } from './plan.ts';

const SOFTWARE = { videoEncoders: ['libx264'] };
const outcome = (input: Partial<DecisionInput>) =>
  decide({ media: DEMO.plain, profile: CHROMIUM, agent: SOFTWARE, ...input });
const codes = (input: Partial<DecisionInput>) => outcome(input).reasons.map((reason) => reason.code);
const planOf = (input: Partial<DecisionInput>) => Plan.parse(outcome(input));

const withVideo = (change: Parameters<typeof videoStream>[0]) => mediaInfo({ video: [videoStream(change)] });
const withAudio = (change: Parameters<typeof audioStream>[0]) => mediaInfo({ audio: [audioStream(change)] });

/** A television that takes HEVC with HDR and surround, and MKV files. */
const TELEVISION: DeviceProfile = {
  name: 'Television',
  file: {
    containers: ['mp4', 'mkv', 'ts'],
    video: [
      { codec: 'h264', maxLevel: 51, maxBitDepth: 8, hdr: false },
      { codec: 'hevc', maxLevel: 153, maxBitDepth: 10, maxWidth: 3840, maxHeight: 2160, hdr: true },
    ],
    audio: [
      { codec: 'aac', maxChannels: 6 },
      { codec: 'ac3', maxChannels: 6 },
      { codec: 'eac3', maxChannels: 8 },
    ],
  },
  segments: {
    containers: ['mp4'],
    video: [
      { codec: 'h264', maxLevel: 51, maxBitDepth: 8, hdr: false },
      { codec: 'hevc', maxLevel: 153, maxBitDepth: 10, maxWidth: 3840, maxHeight: 2160, hdr: true },
    ],
    audio: [
      { codec: 'aac', maxChannels: 6 },
      { codec: 'ac3', maxChannels: 6 },
    ],
  },
};
/** A client without H.264 and AAC, as some builds of Chromium are. */
const FREE: DeviceProfile = {
  name: 'Free browser',
  file: { containers: ['webm'], video: [{ codec: 'vp9', maxBitDepth: 8, hdr: false }], audio: [] },
  segments: { containers: ['mp4'], video: [], audio: [{ codec: 'opus', maxChannels: 2 }] },
};

type Row = [name: string, input: Partial<DecisionInput>, mode: string, reasons: string[]];
const ROWS: Row[] = [
  ['H.264 and AAC in MP4', {}, 'direct', []],
  ['the same in MOV', { media: mediaInfo({ container: 'mov' }) }, 'remux', ['container-not-supported']],
  ['the same in M4V', { media: mediaInfo({ container: 'm4v' }) }, 'direct', []],
  ['the same in MKV', { media: mediaInfo({ container: 'mkv' }) }, 'remux', ['container-not-supported']],
  ['the same in MPEG-TS', { media: mediaInfo({ container: 'ts' }) }, 'remux', ['container-not-supported']],
  ['the same in AVI', { media: mediaInfo({ container: 'avi' }) }, 'remux', ['container-not-supported']],
  ['the same in FLV', { media: mediaInfo({ container: 'flv' }) }, 'remux', ['container-not-supported']],
  ['a container nobody knows', { media: mediaInfo({ container: '' }) }, 'remux', ['container-not-supported']],
  [
    'MKV without known keyframes',
    { media: mediaInfo({ container: 'mkv' }), keyframesUnknown: true },
    'transcode',
    ['container-not-supported', 'keyframes-unknown'],
  ],
  ['unknown keyframes where nothing is cut', { keyframesUnknown: true }, 'direct', []],
  [
    'unknown keyframes of sound alone',
    { media: mediaInfo({ container: 'mkv', video: [] }), keyframesUnknown: true },
    'remux',
    ['container-not-supported'],
  ],
  [
    'H.264 with AC-3 and AAC in MKV',
    { media: DEMO.twoLanguages },
    'remux',
    ['container-not-supported', 'audio-codec-not-supported'],
  ],
  [
    'HEVC 10 bit with HDR in MKV',
    { media: DEMO.hevc10 },
    'transcode',
    ['container-not-supported', 'video-codec-not-supported', 'video-hdr-not-supported'],
  ],
  [
    'MPEG-2 from television',
    { media: DEMO.mpeg2 },
    'transcode',
    ['container-not-supported', 'video-codec-not-supported', 'video-interlaced', 'audio-codec-not-supported'],
  ],
  ['an MP3', { media: DEMO.song }, 'direct', []],
  [
    'an MP3 where only MP4 and WebM files are taken',
    { media: DEMO.song, profile: { ...CHROMIUM, file: { ...CHROMIUM.file, containers: ['mp4', 'webm'] } } },
    'transcode',
    ['container-not-supported', 'audio-codec-not-supported'],
  ],
  ['FLAC', { media: { ...DEMO.song, container: 'flac', audio: [audioStream({ codec: 'flac' })] } }, 'direct', []],
  [
    'ALAC in M4A',
    { media: mediaInfo({ container: 'm4a', video: [], audio: [audioStream({ codec: 'alac' })] }) },
    'transcode',
    ['audio-codec-not-supported'],
  ],
  ['AAC in M4A', { media: mediaInfo({ container: 'm4a', video: [] }) }, 'direct', []],
  ['AAC in MKA', { media: mediaInfo({ container: 'mka', video: [] }) }, 'remux', ['container-not-supported']],
  [
    'Opus in WebM',
    {
      media: mediaInfo({
        container: 'webm',
        video: [videoStream({ codec: 'vp9' })],
        audio: [audioStream({ codec: 'opus' })],
      }),
    },
    'direct',
    [],
  ],
  [
    'Vorbis in WebM',
    {
      media: mediaInfo({
        container: 'webm',
        video: [videoStream({ codec: 'vp9' })],
        audio: [audioStream({ codec: 'vorbis' })],
      }),
    },
    'remux',
    ['audio-codec-not-supported'],
  ],
  [
    'VP8 in WebM',
    { media: mediaInfo({ container: 'webm', video: [videoStream({ codec: 'vp8', profile: null })] }) },
    'transcode',
    ['video-codec-not-supported'],
  ],
  ['AV1 in MP4', { media: withVideo({ codec: 'av1', profile: 'Main', level: 8 }) }, 'direct', []],
  ['AV1 10 bit', { media: withVideo({ codec: 'av1', profile: 'Main', bitDepth: 10 }) }, 'direct', []],
  [
    'AV1 12 bit',
    { media: withVideo({ codec: 'av1', profile: 'Professional', bitDepth: 12 }) },
    'transcode',
    ['video-profile-not-supported', 'video-bit-depth-not-supported'],
  ],
  [
    'AV1 of 4:4:4',
    { media: withVideo({ codec: 'av1', profile: 'High' }) },
    'transcode',
    ['video-profile-not-supported'],
  ],
  [
    'VP9 of 4:4:4',
    { media: withVideo({ codec: 'vp9', profile: 'Profile 1' }) },
    'transcode',
    ['video-profile-not-supported'],
  ],
  ['VP9 of profile 2', { media: withVideo({ codec: 'vp9', profile: 'Profile 2', bitDepth: 10 }) }, 'direct', []],
  [
    'H.264 10 bit',
    { media: withVideo({ profile: 'High 10', bitDepth: 10 }) },
    'transcode',
    ['video-bit-depth-not-supported'],
  ],
  [
    'H.264 4:2:2 10 bit',
    { media: withVideo({ profile: 'High 4:2:2', bitDepth: 10 }) },
    'transcode',
    ['video-profile-not-supported', 'video-bit-depth-not-supported'],
  ],
  [
    'H.264 4:4:4',
    { media: withVideo({ profile: 'High 4:4:4 Predictive' }) },
    'transcode',
    ['video-profile-not-supported'],
  ],
  ['H.264 Baseline', { media: withVideo({ profile: 'Constrained Baseline' }) }, 'direct', []],
  ['H.264 without a profile', { media: withVideo({ profile: null, level: null }) }, 'direct', []],
  [
    'H.264 above the level that is taken',
    { media: withVideo({ level: 52 }), profile: TELEVISION },
    'transcode',
    ['video-level-not-supported'],
  ],
  ['H.264 at the level that is taken', { media: withVideo({ level: 51 }), profile: TELEVISION }, 'direct', []],
  ['MPEG-4 part 2', { media: withVideo({ codec: 'mpeg4' }) }, 'transcode', ['video-codec-not-supported']],
  [
    'Xvid with MP3 in AVI',
    {
      media: mediaInfo({
        container: 'avi',
        video: [videoStream({ codec: 'mpeg4' })],
        audio: [audioStream({ codec: 'mp3' })],
      }),
    },
    'transcode',
    ['container-not-supported', 'video-codec-not-supported', 'audio-codec-not-supported'],
  ],
  [
    'WMV',
    {
      media: mediaInfo({
        container: 'wmv',
        video: [videoStream({ codec: 'vc1' })],
        audio: [audioStream({ codec: 'wmav2' })],
      }),
    },
    'transcode',
    ['container-not-supported', 'video-codec-not-supported', 'audio-codec-not-supported'],
  ],
  ['interlaced H.264', { media: withVideo({ interlaced: true }) }, 'transcode', ['video-interlaced']],
  ['a phone held upright', { media: withVideo({ rotation: 90 }) }, 'transcode', ['video-rotated']],
  ['a full turn', { media: withVideo({ rotation: 360 }) }, 'direct', []],
  ['H.264 marked as HLG', { media: withVideo({ hdr: 'hlg' }) }, 'transcode', ['video-hdr-not-supported']],
  ['sound in AC-3', { media: withAudio({ codec: 'ac3', channels: 6 }) }, 'remux', ['audio-codec-not-supported']],
  ['sound in E-AC-3', { media: withAudio({ codec: 'eac3', channels: 8 }) }, 'remux', ['audio-codec-not-supported']],
  ['sound in DTS', { media: withAudio({ codec: 'dts', channels: 6 }) }, 'remux', ['audio-codec-not-supported']],
  ['sound in TrueHD', { media: withAudio({ codec: 'truehd', channels: 8 }) }, 'remux', ['audio-codec-not-supported']],
  ['sound in PCM', { media: withAudio({ codec: 'pcm_s16le' }) }, 'remux', ['audio-codec-not-supported']],
  ['sound in MP3 inside MP4', { media: withAudio({ codec: 'mp3', profile: null }) }, 'direct', []],
  [
    'sound in more channels than taken',
    { media: withAudio({ channels: 16 }) },
    'remux',
    ['audio-channels-not-supported'],
  ],
  ['AAC in 5.1', { media: withAudio({ channels: 6 }) }, 'direct', []],
  ['a silent film', { media: mediaInfo({ audio: [] }) }, 'direct', []],
  ['a silent film in MKV', { media: mediaInfo({ container: 'mkv', audio: [] }) }, 'remux', ['container-not-supported']],
  [
    'a second language',
    { media: { ...DEMO.twoLanguages, container: 'mp4' }, audioStream: 2 },
    'remux',
    ['audio-track-chosen'],
  ],
  [
    'a second language in MKV',
    { media: DEMO.twoLanguages, audioStream: 2 },
    'remux',
    ['container-not-supported', 'audio-track-chosen'],
  ],
  ['the default track, asked for by its index', { audioStream: 1 }, 'direct', []],
  ['a limit above the file', { maxBitrate: 10_000_000 }, 'direct', []],
  ['a limit below the file', { maxBitrate: 3_000_000 }, 'transcode', ['bitrate-limit']],
  ["the client's own limit", { profile: { ...CHROMIUM, maxBitrate: 1_000_000 } }, 'transcode', ['bitrate-limit']],
  ['a limit on a file of unknown bits', { media: mediaInfo({ bitrate: null }), maxBitrate: 1_000_000 }, 'direct', []],
  [
    'a limit on an MKV',
    { media: mediaInfo({ container: 'mkv' }), maxBitrate: 3_000_000 },
    'transcode',
    ['container-not-supported', 'bitrate-limit'],
  ],
  [
    'HEVC with HDR on a television',
    {
      media: mediaInfo({
        container: 'mkv',
        video: [videoStream({ codec: 'hevc', profile: 'Main 10', level: 153, bitDepth: 10, hdr: 'hdr10' })],
        audio: [audioStream({ codec: 'eac3', channels: 8 })],
      }),
      profile: TELEVISION,
    },
    'direct',
    [],
  ],
  [
    'the same from a container that the television does not take',
    {
      media: mediaInfo({
        container: 'avi',
        video: [videoStream({ codec: 'hevc', profile: 'Main 10', level: 153, bitDepth: 10, hdr: 'hdr10' })],
        audio: [audioStream({ codec: 'eac3', channels: 8 })],
      }),
      profile: TELEVISION,
    },
    'remux',
    ['container-not-supported', 'audio-codec-not-supported'],
  ],
  [
    'Dolby Vision, whose profile is not known',
    { media: withVideo({ codec: 'hevc', profile: 'Main 10', bitDepth: 10, hdr: 'dolby-vision' }), profile: TELEVISION },
    'transcode',
    ['video-hdr-not-supported'],
  ],
  [
    'HEVC of 4:2:2 on a television',
    { media: withVideo({ codec: 'hevc', profile: 'Rext', bitDepth: 10 }), profile: TELEVISION },
    'transcode',
    ['video-profile-not-supported'],
  ],
  [
    'HEVC in 8K on a television',
    {
      media: withVideo({ codec: 'hevc', profile: 'Main', level: 153, width: 7680, height: 4320 }),
      profile: TELEVISION,
    },
    'transcode',
    ['video-resolution-not-supported'],
  ],
  [
    'H.264 for a client without it',
    { profile: FREE },
    'none',
    ['container-not-supported', 'video-codec-not-supported', 'audio-codec-not-supported'],
  ],
  ['neither picture nor sound', { media: mediaInfo({ video: [], audio: [] }) }, 'none', []],
  ['a sound track that is not there', { audioStream: 9 }, 'none', []],
  [
    'a file of unknown length that must be cut',
    { media: mediaInfo({ container: 'mkv', durationMs: 0 }) },
    'none',
    ['container-not-supported'],
  ],
  ['a file of unknown length as it is', { media: mediaInfo({ durationMs: 0 }) }, 'direct', []],
  [
    'HEVC on a machine without an encoder',
    { media: withVideo({ codec: 'hevc' }), agent: { videoEncoders: [] } },
    'none',
    ['video-codec-not-supported'],
  ],
  [
    'MKV on a machine without an encoder',
    { media: mediaInfo({ container: 'mkv' }), agent: { videoEncoders: [] } },
    'remux',
    ['container-not-supported'],
  ],
  [
    'HEVC where only HEVC can be encoded',
    { media: withVideo({ codec: 'hevc' }), agent: { videoEncoders: ['hevc_nvenc', 'libx265'] } },
    'none',
    ['video-codec-not-supported'],
  ],
];

describe('the decision', () => {
  it.each(ROWS)('for %s', (_name, input, mode, reasons) => {
    const result = outcome(input);
    expect([result.mode, [...result.reasons.map((reason) => reason.code)].sort()]).toEqual([mode, [...reasons].sort()]);
    if (result.mode !== 'none') Plan.parse(result);
  });

  it('names what each reason is about', () => {
    expect(outcome({ media: DEMO.mpeg2 }).reasons).toContainEqual({
      code: 'video-codec-not-supported',
      detail: 'mpeg2video',
    });
    expect(codes({ media: DEMO.hevc10 }).filter((code) => code === 'video-codec-not-supported')).toHaveLength(1);
  });

  it('prefers the video stream that is marked as the default', () => {
    const media = mediaInfo({
      container: 'mkv',
      video: [videoStream({ index: 0, codec: 'mjpeg', default: false }), videoStream({ index: 5 })],
    });
    expect(planOf({ media }).video).toMatchObject([{ stream: 5, action: 'copy' }]);
  });
});

describe('a remux', () => {
  const plan = planOf({ media: DEMO.twoLanguages });

  it('copies the picture, transcodes AC-3 to AAC and copies AAC', () => {
    expect(plan.video).toMatchObject([{ id: 'vcopy', action: 'copy', codecs: 'avc1.640028' }]);
    expect(plan.audio).toMatchObject([
      { id: 'a1', action: 'transcode', codec: 'aac', channels: 6, sampleRate: 48_000, bitrate: 384_000, default: true },
      { id: 'a2', action: 'copy', codec: 'aac', channels: 2, bitrate: 160_000, default: false, language: 'fra' },
    ]);
  });

  it('begins with the track that the viewer chose', () => {
    const chosen = planOf({ media: DEMO.twoLanguages, audioStream: 2 });
    expect(chosen.audio.map((audio) => audio.default)).toEqual([false, true]);
  });

  it('lists text subtitles and leaves pictures out', () => {
    const media = mediaInfo({
      subtitles: [
        subtitleStream({ index: 3, forced: true }),
        subtitleStream({ index: 4, codec: 'hdmv_pgs_subtitle', form: 'image' }),
        subtitleStream({ index: 1000, external: true, sdh: true, language: null }),
      ],
    });
    expect(planOf({ media }).subtitles).toEqual([
      { stream: 3, language: 'eng', title: null, forced: true, default: false, sdh: false },
      { stream: 1000, language: null, title: null, forced: false, default: false, sdh: true },
    ]);
  });

  it('keeps to stereo where the client takes no more, and mono stays mono', () => {
    const stereo = {
      ...CHROMIUM,
      segments: { ...CHROMIUM.segments, audio: [{ codec: 'aac' as const, maxChannels: 2 }] },
    };
    const channels = (count: number) =>
      planOf({ media: withAudio({ codec: 'dts', channels: count }), profile: stereo }).audio[0]?.channels;
    expect([channels(1), channels(2), channels(3), channels(6), channels(8)]).toEqual([1, 2, 2, 2, 2]);
  });

  it('holds sixteen sound tracks of sixty-four, the chosen one among them', () => {
    const audio = Array.from({ length: 64 }, (_, at) => audioStream({ index: at + 1, default: at === 0 }));
    const plan = planOf({ media: mediaInfo({ container: 'mkv', audio }), audioStream: 60 });
    expect(plan.audio).toHaveLength(16);
    expect(plan.audio.filter((track) => track.default).map((track) => track.stream)).toEqual([60]);
  });
});

describe('a transcode', () => {
  it('of HDR asks for tone mapping, and offers H.264 with AAC', () => {
    const plan = planOf({ media: DEMO.hevc10 });
    expect(plan.video.map((video) => [video.id, video.codec, video.tonemap])).toEqual([
      ['v1080', 'h264', true],
      ['v720', 'h264', true],
      ['v480', 'h264', true],
    ]);
    expect(plan.audio).toMatchObject([{ action: 'copy', codec: 'aac' }]);
  });

  it('of anamorphic interlaced television has square pixels and is deinterlaced', () => {
    expect(planOf({ media: DEMO.mpeg2 }).video[0]).toMatchObject({ width: 1024, height: 576, deinterlace: true });
  });

  it('under a limit leaves room for the sound', () => {
    expect(planOf({ maxBitrate: 4_100_000 }).video[0]).toMatchObject({ id: 'v480', bitrate: 2_000_000 });
    expect(planOf({ maxBitrate: 4_160_000 }).video[0]).toMatchObject({ id: 'v720', bitrate: 4_000_000 });
  });

  it('goes above 1080 with a hardware encoder only', () => {
    const media = withVideo({ codec: 'hevc', width: 3840, height: 2160, bitrate: 30_000_000 });
    expect(planOf({ media }).video[0]?.id).toBe('v1080');
    expect(planOf({ media, agent: { videoEncoders: ['h264_nvenc', 'libx264'] } }).video[0]?.id).toBe('v2160');
  });

  it('that no machine can do says what to do about it', () => {
    expect(outcome({ media: withVideo({ codec: 'hevc' }), agent: { videoEncoders: [] } })).toMatchObject({
      detail: expect.stringContaining('install ffmpeg'),
    });
  });
});
