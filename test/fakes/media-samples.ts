import type { DeviceProfile } from '../../shared/media/device-profile.ts';
import { DeviceProfile as DeviceProfileSchema } from '../../shared/media/device-profile.ts';
import type { AudioStream, MediaInfo, SubtitleStream, VideoStream } from '../../shared/media/media-info.ts';

const CHROMIUM_VIDEO = [
  { codec: 'h264', maxLevel: 62 },
  { codec: 'vp9', maxBitDepth: 10 },
  { codec: 'av1', maxBitDepth: 10 },
];

/** What a Chromium before Matroska files answers for itself; MP3 is not taken in MP4 segments. */
export const CHROMIUM: DeviceProfile = DeviceProfileSchema.parse({
  name: 'Chromium',
  file: {
    containers: ['mp4', 'webm', 'mp3', 'flac', 'ogg'],
    video: CHROMIUM_VIDEO,
    audio: [
      { codec: 'aac', maxChannels: 8 },
      { codec: 'opus', maxChannels: 8 },
      { codec: 'flac', maxChannels: 8 },
      { codec: 'mp3' },
    ],
  },
  segments: {
    containers: ['mp4'],
    video: CHROMIUM_VIDEO,
    audio: [
      { codec: 'aac', maxChannels: 8 },
      { codec: 'opus', maxChannels: 8 },
      { codec: 'flac', maxChannels: 8 },
    ],
  },
});

/** What Chromium 156 answers to the web player's questions; `test/e2e/matrix.test.ts` holds it to that. */
export const CHROMIUM_156: DeviceProfile = {
  ...CHROMIUM,
  file: {
    containers: [...CHROMIUM.file.containers, 'mkv'],
    video: CHROMIUM.file.video.map((support) => ({ ...support, maxBitDepth: 10 })),
    audio: [...CHROMIUM.file.audio, { codec: 'vorbis', maxChannels: 8 }],
  },
  segments: {
    ...CHROMIUM.segments,
    video: CHROMIUM.segments.video.map((support) => ({ ...support, maxBitDepth: 10 })),
  },
};

export function videoStream(change: Partial<VideoStream> = {}): VideoStream {
  return {
    index: 0,
    codec: 'h264',
    profile: 'High',
    level: 40,
    width: 1920,
    height: 1080,
    sar: { num: 1, den: 1 },
    frameRate: { num: 24_000, den: 1001 },
    bitDepth: 8,
    hdr: 'none',
    interlaced: false,
    rotation: 0,
    bitrate: 6_000_000,
    language: null,
    title: null,
    default: true,
    ...change,
  };
}

export function audioStream(change: Partial<AudioStream> = {}): AudioStream {
  return {
    index: 1,
    codec: 'aac',
    profile: 'LC',
    channels: 2,
    sampleRate: 48_000,
    bitrate: 160_000,
    language: 'eng',
    title: null,
    default: true,
    ...change,
  };
}

export function subtitleStream(change: Partial<SubtitleStream> = {}): SubtitleStream {
  return {
    index: 2,
    codec: 'subrip',
    form: 'text',
    forced: false,
    sdh: false,
    external: false,
    language: 'eng',
    title: null,
    default: false,
    ...change,
  };
}

/** An hour of H.264 and AAC in MP4 unless told otherwise. */
export function mediaInfo(change: Partial<MediaInfo> = {}): MediaInfo {
  return {
    container: 'mp4',
    durationMs: 3_600_000,
    startTime: 0,
    bitrate: 6_200_000,
    video: [videoStream()],
    audio: [audioStream()],
    subtitles: [],
    chapters: [],
    ...change,
  };
}

/** The files of the demo library, as the probe describes them. */
export const DEMO = {
  plain: mediaInfo(),
  hevc10: mediaInfo({
    container: 'mkv',
    video: [videoStream({ codec: 'hevc', profile: 'Main 10', level: 120, bitDepth: 10, hdr: 'hdr10' })],
  }),
  mpeg2: mediaInfo({
    container: 'ts',
    bitrate: 5_000_000,
    video: [
      videoStream({
        codec: 'mpeg2video',
        profile: 'Main',
        level: 8,
        width: 720,
        height: 576,
        sar: { num: 64, den: 45 },
        frameRate: { num: 25, den: 1 },
        interlaced: true,
        bitrate: null,
      }),
    ],
    audio: [audioStream({ codec: 'mp2', profile: null, bitrate: 192_000 })],
  }),
  twoLanguages: mediaInfo({
    container: 'mkv',
    audio: [
      audioStream({ index: 1, codec: 'ac3', profile: null, channels: 6, bitrate: 448_000, language: 'eng' }),
      audioStream({ index: 2, language: 'fra', default: false, title: 'Version "française"' }),
    ],
    subtitles: [subtitleStream({ index: 3 })],
  }),
  song: mediaInfo({
    container: 'mp3',
    bitrate: 320_000,
    video: [],
    audio: [audioStream({ index: 0, codec: 'mp3', profile: null, sampleRate: 44_100, bitrate: 320_000 })],
  }),
} satisfies Record<string, MediaInfo>;

/** A television that takes HEVC with HDR and surround, and MKV files. */
export const TELEVISION: DeviceProfile = {
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
export const FREE: DeviceProfile = {
  name: 'Free browser',
  file: { containers: ['webm'], video: [{ codec: 'vp9', maxBitDepth: 8, hdr: false }], audio: [] },
  segments: { containers: ['mp4'], video: [], audio: [{ codec: 'opus', maxChannels: 2 }] },
};
