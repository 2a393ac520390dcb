import type { DeviceProfile } from '../../../shared/media/device-profile.ts';

/** A browser's own answers, so that the rest can be thought through without one. */
export interface Supports {
  /** HTMLMediaElement.canPlayType, as yes or no. */
  file(mime: string): boolean;
  /** MediaSource.isTypeSupported, or the native HLS player's word where there is no MediaSource. */
  segment(mime: string): boolean;
  /** The screen shows high dynamic range. */
  hdrScreen: boolean;
}

type Ask = (mime: string) => boolean;
type VideoSupport = DeviceProfile['file']['video'][number];
type AudioSupport = DeviceProfile['file']['audio'][number];

const hex = (value: number) => value.toString(16).padStart(2, '0');
const two = (value: number) => String(value).padStart(2, '0');

/** Levels in ffprobe's numbers, highest first, and how RFC 6381 writes a codec with one. */
const VIDEO: readonly {
  codec: VideoSupport['codec'];
  levels: readonly number[];
  mime: (level: number, bits: 8 | 10) => string;
}[] = [
  {
    codec: 'h264',
    levels: [62, 61, 60, 52, 51, 50, 42, 41, 40, 31, 30],
    mime: (level, bits) => `video/mp4; codecs="avc1.${bits === 8 ? '6400' : '6e00'}${hex(level)}"`,
  },
  {
    codec: 'hevc',
    levels: [186, 183, 180, 156, 153, 150, 123, 120, 93],
    mime: (level, bits) => `video/mp4; codecs="hvc1.${bits === 8 ? '1.6' : '2.4'}.L${level}.B0"`,
  },
  {
    codec: 'av1',
    levels: [19, 18, 17, 16, 15, 14, 13, 12, 9, 8, 5, 4],
    mime: (level, bits) => `video/mp4; codecs="av01.0.${two(level)}M.${two(bits)}"`,
  },
  {
    codec: 'vp9',
    levels: [62, 61, 60, 52, 51, 50, 41, 40, 31, 30],
    mime: (level, bits) => `video/mp4; codecs="vp09.${bits === 8 ? '00' : '02'}.${level}.${two(bits)}"`,
  },
];

/** Channels: what the format's decoders take; every browser mixes them down to its loudspeakers. */
const AUDIO: readonly { codec: AudioSupport['codec']; mimes: readonly string[]; maxChannels: number }[] = [
  { codec: 'aac', mimes: ['audio/mp4; codecs="mp4a.40.2"'], maxChannels: 8 },
  { codec: 'mp3', mimes: ['audio/mp4; codecs="mp3"', 'audio/mp4; codecs="mp4a.6B"'], maxChannels: 2 },
  { codec: 'opus', mimes: ['audio/mp4; codecs="opus"'], maxChannels: 8 },
  { codec: 'flac', mimes: ['audio/mp4; codecs="flac"', 'audio/mp4; codecs="fLaC"'], maxChannels: 8 },
  { codec: 'ac3', mimes: ['audio/mp4; codecs="ac-3"'], maxChannels: 6 },
  { codec: 'eac3', mimes: ['audio/mp4; codecs="ec-3"'], maxChannels: 8 },
];

/** Containers of whole files, by a question that only a demuxer for them answers with yes. */
const CONTAINERS: readonly { name: string; mimes: readonly string[] }[] = [
  { name: 'mp4', mimes: ['video/mp4; codecs="avc1.640028, mp4a.40.2"', 'video/mp4'] },
  { name: 'mov', mimes: ['video/quicktime; codecs="avc1.640028"', 'video/quicktime'] },
  { name: 'webm', mimes: ['video/webm; codecs="vp9, opus"', 'video/webm; codecs="vp8, vorbis"'] },
  { name: 'mkv', mimes: ['video/x-matroska; codecs="avc1.640028"', 'video/matroska; codecs="avc1.640028"'] },
  { name: 'ts', mimes: ['video/mp2t; codecs="avc1.640028, mp4a.40.2"'] },
  { name: 'mp3', mimes: ['audio/mpeg'] },
  { name: 'flac', mimes: ['audio/flac'] },
  { name: 'ogg', mimes: ['audio/ogg; codecs="vorbis"'] },
];

function videoOf(ask: Ask, hdrScreen: boolean): VideoSupport[] {
  return VIDEO.flatMap(({ codec, levels, mime }) => {
    const maxLevel = levels.find((level) => ask(mime(level, 8)));
    if (maxLevel === undefined) return [];
    const tenBit = levels.some((level) => ask(mime(level, 10)));
    return [{ codec, maxLevel, maxBitDepth: tenBit ? 10 : 8, hdr: tenBit && hdrScreen }];
  });
}

function audioOf(ask: Ask): AudioSupport[] {
  return AUDIO.filter(({ mimes }) => mimes.some(ask)).map(({ codec, maxChannels }) => ({ codec, maxChannels }));
}

/** What this browser plays, by its own answers and nothing else. */
export function deviceProfile(supports: Supports, name: string): DeviceProfile {
  const fileAudio = audioOf(supports.file);
  if (supports.file('audio/ogg; codecs="vorbis"')) fileAudio.push({ codec: 'vorbis', maxChannels: 8 });
  return {
    name: name.slice(0, 100),
    file: {
      containers: CONTAINERS.filter(({ mimes }) => mimes.some(supports.file)).map((container) => container.name),
      video: videoOf(supports.file, supports.hdrScreen),
      audio: fileAudio,
    },
    segments: {
      containers: ['mp4'],
      video: videoOf(supports.segment, supports.hdrScreen),
      audio: audioOf(supports.segment),
    },
  };
}

/** The same without whole files: after one that the browser promised to play and could not. */
export function withoutFiles(profile: DeviceProfile): DeviceProfile {
  return { ...profile, file: { containers: [], video: [], audio: [] } };
}
