import { describe, expect, it } from 'vitest';
import {
  audioStream,
  CHROMIUM,
  DEMO,
  FREE,
  mediaInfo,
  subtitleStream,
  TELEVISION,
  videoStream,
} from '../../test/fakes/media-samples.ts';
import { type DecisionInput, decide } from './decision.ts';
import { Plan } from './plan.ts';

const SOFTWARE = { videoEncoders: ['libx264'] };
const outcome = (input: Partial<DecisionInput>) =>
  decide({ media: DEMO.plain, profile: CHROMIUM, agent: SOFTWARE, ...input });

const CONTAINER = ['container-not-supported'];
const inside = (container: string) => mediaInfo({ container });
const uhd = (container: string) =>
  mediaInfo({
    container,
    video: [videoStream({ codec: 'hevc', profile: 'Main 10', level: 153, bitDepth: 10, hdr: 'hdr10' })],
    audio: [audioStream({ codec: 'eac3', channels: 8 })],
  });
const withVideo = (change: Parameters<typeof videoStream>[0]) => mediaInfo({ video: [videoStream(change)] });
const withAudio = (change: Parameters<typeof audioStream>[0]) => mediaInfo({ audio: [audioStream(change)] });

/** A box that decodes nothing above H.264 Main. */
const OLD_BOX = {
  ...CHROMIUM,
  file: { ...CHROMIUM.file, video: [{ codec: 'h264' as const, profiles: ['Main'], maxBitDepth: 8, hdr: false }] },
  segments: {
    ...CHROMIUM.segments,
    video: [{ codec: 'h264' as const, profiles: ['Main'], maxBitDepth: 8, hdr: false }],
  },
};

/** A client that shows a film and no words of its own. */
const SILENT_BOX = { ...CHROMIUM, subtitles: [] };
const ASS_BOX: DecisionInput['profile'] = { ...CHROMIUM, subtitles: ['ass'] };
const PAINTER = { videoEncoders: ['libx264'], paintsText: true };
const BURNED = ['subtitle-burn-in'];
const words = (...codecs: string[]) =>
  mediaInfo({
    subtitles: codecs.map((codec, at) => subtitleStream({ index: 3 + at, codec, form: 'text', forced: false })),
  });
const forcedWords = mediaInfo({
  audio: [audioStream({ language: 'eng' })],
  subtitles: [subtitleStream({ index: 3, language: 'eng', forced: true })],
});
const besideWords = mediaInfo({ subtitles: [subtitleStream({ index: 1000, external: true })] });

type Row = [name: string, input: Partial<DecisionInput>, mode: string, reasons: string[]];
const ROWS: Row[] = [
  ['H.264 and AAC in MP4', {}, 'direct', []],
  ['the same in MOV', { media: inside('mov') }, 'remux', CONTAINER],
  ['the same in M4V', { media: inside('m4v') }, 'direct', []],
  ['the same in MKV', { media: inside('mkv') }, 'remux', CONTAINER],
  ['the same in MPEG-TS', { media: inside('ts') }, 'remux', CONTAINER],
  ['the same in AVI', { media: inside('avi') }, 'remux', CONTAINER],
  ['the same in FLV', { media: inside('flv') }, 'remux', CONTAINER],
  ['a container nobody knows', { media: inside('') }, 'remux', CONTAINER],
  [
    'MKV without known keyframes',
    { media: inside('mkv'), keyframesUnknown: true },
    'transcode',
    ['container-not-supported', 'keyframes-unknown'],
  ],
  ['unknown keyframes where nothing is cut', { keyframesUnknown: true }, 'direct', []],
  [
    'unknown keyframes of sound alone',
    { media: mediaInfo({ container: 'mkv', video: [] }), keyframesUnknown: true },
    'remux',
    CONTAINER,
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
  ['AAC in MKA', { media: mediaInfo({ container: 'mka', video: [] }) }, 'remux', CONTAINER],
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
  [
    'H.264 High where only Main is taken',
    { media: withVideo({ profile: 'High' }), profile: OLD_BOX },
    'transcode',
    ['video-profile-not-supported'],
  ],
  [
    'H.264 Main where that is all that is taken',
    { media: withVideo({ profile: 'Main' }), profile: OLD_BOX },
    'direct',
    [],
  ],
  [
    'H.264 Constrained Baseline where Main is taken',
    { media: withVideo({ profile: 'Constrained Baseline' }), profile: OLD_BOX },
    'direct',
    [],
  ],
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
  ['a silent film in MKV', { media: mediaInfo({ container: 'mkv', audio: [] }) }, 'remux', CONTAINER],
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
    { media: inside('mkv'), maxBitrate: 3_000_000 },
    'transcode',
    ['container-not-supported', 'bitrate-limit'],
  ],
  [
    'a Matroska file that marks its second sound track, of which some play the first',
    { media: mediaInfo({ container: 'webm', audio: [audioStream({ default: false }), audioStream({ index: 2 })] }) },
    'remux',
    ['audio-track-chosen'],
  ],
  [
    'an MP4 file that marks its second sound track, which all play',
    { media: mediaInfo({ audio: [audioStream({ default: false }), audioStream({ index: 2 })] }) },
    'direct',
    [],
  ],
  [
    'a file whose clock begins with the half minute before the film',
    { media: mediaInfo({ startTime: 30 }) },
    'remux',
    ['container-not-supported'],
  ],
  ['a file whose clock begins two pictures late', { media: mediaInfo({ startTime: 0.083 }) }, 'direct', []],
  [
    'a transport stream, whose clock begins anywhere',
    { media: mediaInfo({ container: 'm2ts', startTime: 600 }), profile: TELEVISION },
    'direct',
    [],
  ],
  ['HEVC with HDR on a television', { media: uhd('mkv'), profile: TELEVISION }, 'direct', []],
  [
    'the same from a container that the television does not take',
    { media: uhd('avi'), profile: TELEVISION },
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
    CONTAINER,
  ],
  ['a file of unknown length as it is', { media: mediaInfo({ durationMs: 0 }) }, 'direct', []],
  [
    'HEVC on a machine without an encoder',
    { media: withVideo({ codec: 'hevc' }), agent: { videoEncoders: [] } },
    'none',
    ['video-codec-not-supported'],
  ],
  ['MKV on a machine without an encoder', { media: inside('mkv'), agent: { videoEncoders: [] } }, 'remux', CONTAINER],
  [
    'HEVC where only HEVC can be encoded',
    { media: withVideo({ codec: 'hevc' }), agent: { videoEncoders: ['hevc_nvenc', 'libx265'] } },
    'none',
    ['video-codec-not-supported'],
  ],
  ...['subrip', 'ass', 'mov_text', 'webvtt'].flatMap((codec): Row[] => {
    const chosen = { media: words(codec), agent: PAINTER, subtitleStream: 3 };
    return [
      [`${codec} that was chosen, for a client that draws text`, chosen, 'direct', []],
      [
        `${codec} that was chosen, for a client that draws none`,
        { ...chosen, profile: SILENT_BOX },
        'transcode',
        BURNED,
      ],
      [
        `${codec} that was chosen, for a client that shows pictures alone`,
        { ...chosen, profile: { ...CHROMIUM, subtitles: ['image'] } },
        'transcode',
        BURNED,
      ],
    ];
  }),
  [
    'SRT for a client that draws ASS alone',
    { media: words('subrip', 'ass'), profile: ASS_BOX, agent: PAINTER, subtitleStream: 3 },
    'transcode',
    BURNED,
  ],
  [
    'ASS for a client that draws ASS alone',
    { media: words('subrip', 'ass'), profile: ASS_BOX, agent: PAINTER, subtitleStream: 4 },
    'direct',
    [],
  ],
  ['text that nobody chose', { media: words('subrip'), profile: SILENT_BOX, agent: PAINTER }, 'direct', []],
  [
    'text that was not wanted',
    { media: forcedWords, profile: SILENT_BOX, agent: PAINTER, subtitleStream: null },
    'direct',
    [],
  ],
  [
    'forced text in the language of the sound',
    { media: forcedWords, profile: SILENT_BOX, agent: PAINTER },
    'transcode',
    BURNED,
  ],
  ['the same on a machine that paints none', { media: forcedWords, profile: SILENT_BOX }, 'direct', []],
  [
    'text beside the film',
    { media: besideWords, profile: SILENT_BOX, agent: PAINTER, subtitleStream: 1000 },
    'transcode',
    BURNED,
  ],
  [
    'text in a film that is remuxed',
    { media: { ...words('subrip'), container: 'mkv' }, profile: SILENT_BOX, agent: PAINTER, subtitleStream: 3 },
    'transcode',
    [...CONTAINER, ...BURNED],
  ],
  [
    'chosen text on a machine that paints none',
    { media: words('subrip'), profile: SILENT_BOX, subtitleStream: 3 },
    'none',
    [],
  ],
  [
    'chosen text on a machine without an encoder',
    {
      media: words('subrip'),
      profile: SILENT_BOX,
      agent: { videoEncoders: [], paintsText: true },
      subtitleStream: 3,
    },
    'none',
    BURNED,
  ],
  [
    'a file with chosen text that is to be kept',
    { media: words('subrip'), profile: SILENT_BOX, agent: PAINTER, subtitleStream: 3, asItIs: true },
    'direct',
    [],
  ],
];

describe('the decision', () => {
  it.each(ROWS)('for %s', (_name, input, mode, reasons) => {
    const result = outcome(input);
    expect([result.mode, [...result.reasons.map((reason) => reason.code)].sort()]).toEqual([mode, [...reasons].sort()]);
    if (result.mode !== 'none') Plan.parse(result);
  });
});
