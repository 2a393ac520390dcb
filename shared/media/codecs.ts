import type { AudioStream, VideoStream } from './media-info.ts';
import type { AudioRendition, VideoRendition } from './plan.ts';
import type { MadeH264 } from './profiles.ts';

/** The parts of a video stream that its codec string is made from. */
export type VideoTraits = Pick<VideoStream, 'codec' | 'profile' | 'level' | 'bitDepth' | 'width' | 'height'> & {
  frameRate: { num: number; den: number };
};

/** profile_idc and constraint flags of H.264 by ffmpeg's profile names (ISO/IEC 14496-15, annex A of H.264). */
const H264_PROFILES: Record<string, string> = {
  Baseline: '4200',
  'Constrained Baseline': '42E0',
  Main: '4D40',
  Extended: '5800',
  High: '6400',
  'Progressive High': '6408',
  'Constrained High': '640C',
  'High 10': '6E00',
  'High 4:2:2': '7A00',
  'High 4:4:4 Predictive': 'F400',
};

/** AAC object types by ffmpeg's profile names. */
const AAC_OBJECT_TYPES: Record<string, string> = { LC: '2', 'HE-AAC': '5', 'HE-AACv2': '29' };

/** [level, luma samples a second, luma samples a picture]: VP9 levels as the codec string writes them. */
const VP9_LEVELS = [
  ['10', 829_440, 36_864],
  ['11', 2_764_800, 73_728],
  ['20', 4_608_000, 122_880],
  ['21', 9_216_000, 245_760],
  ['30', 20_736_000, 552_960],
  ['31', 36_864_000, 983_040],
  ['40', 83_558_400, 2_228_224],
  ['41', 160_432_128, 2_228_224],
  ['50', 311_951_360, 8_912_896],
  ['51', 588_251_136, 8_912_896],
  ['52', 1_176_502_272, 8_912_896],
  ['60', 1_176_502_272, 35_651_584],
] as const;

/** [level, macroblocks a second, macroblocks a picture, kbit/s in High profile] of H.264, table A-1. */
const H264_LEVELS = [
  [10, 1_485, 99, 80],
  [11, 3_000, 396, 240],
  [12, 6_000, 396, 480],
  [13, 11_880, 396, 960],
  [21, 19_800, 792, 5_000],
  [22, 20_250, 1_620, 5_000],
  [30, 40_500, 1_620, 12_500],
  [31, 108_000, 3_600, 17_500],
  [32, 216_000, 5_120, 25_000],
  [40, 245_760, 8_192, 25_000],
  [41, 245_760, 8_192, 62_500],
  [42, 522_240, 8_704, 62_500],
  [50, 589_824, 22_080, 168_750],
  [51, 983_040, 36_864, 300_000],
  [52, 2_073_600, 36_864, 300_000],
  [60, 4_177_920, 139_264, 300_000],
] as const;

/** [level_idc, luma samples a second, luma samples a picture, kbit/s in the main tier] of HEVC, tables A.8 and A.9. */
const HEVC_LEVELS = [
  [60, 3_686_400, 122_880, 1_500],
  [63, 7_372_800, 245_760, 3_000],
  [90, 16_588_800, 552_960, 6_000],
  [93, 33_177_600, 983_040, 10_000],
  [120, 66_846_720, 2_228_224, 12_000],
  [123, 133_693_440, 2_228_224, 20_000],
  [150, 267_386_880, 8_912_896, 25_000],
  [153, 534_773_760, 8_912_896, 40_000],
  [156, 1_069_547_520, 8_912_896, 60_000],
  [180, 1_069_547_520, 35_651_584, 60_000],
  [183, 2_139_095_040, 35_651_584, 120_000],
] as const;

/** [seq_level_idx, samples a second, samples a picture, kbit/s in the main tier] of AV1, annex A.3. */
const AV1_LEVELS = [
  [0, 4_423_680, 147_456, 1_500],
  [1, 8_363_520, 278_784, 3_000],
  [4, 19_975_680, 665_856, 6_000],
  [5, 31_950_720, 1_065_024, 10_000],
  [8, 70_778_880, 2_359_296, 12_000],
  [9, 141_557_760, 2_359_296, 20_000],
  [12, 267_386_880, 8_912_896, 30_000],
  [13, 534_773_760, 8_912_896, 40_000],
  [14, 1_069_547_520, 8_912_896, 60_000],
  [16, 1_069_547_520, 35_651_584, 60_000],
  [17, 2_139_095_040, 35_651_584, 100_000],
] as const;

/** Frames a second, as a number; 25 where the file does not say. */
export function framesPerSecond(rate: { num: number; den: number }): number {
  return rate.num > 0 && rate.den > 0 ? rate.num / rate.den : 25;
}

/** The lowest H.264 level (ffprobe's numbers: 40 is 4.0) that holds pictures of this size, rate and bits per second. */
export function h264Level(width: number, height: number, fps: number, bitrate: number): number {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const fits = H264_LEVELS.find(
    ([, rate, picture, kbits]) => blocks <= picture && blocks * fps <= rate && bitrate <= kbits * 1000,
  );
  return fits?.[0] ?? 62;
}

/** What an encoder makes, as its level depends on it. */
export interface MadePictures {
  codec: 'h264' | 'hevc' | 'av1';
  width: number;
  height: number;
  fps: number;
  bitrate: number;
  /** Ten bits a sample instead of eight. */
  ten: boolean;
  /** Of H.264; absent is High. */
  profile?: MadeH264;
}

/** The lowest level, in ffprobe's numbers, that holds these pictures. */
export function madeLevel({ codec, width, height, fps, bitrate, profile = 'High' }: MadePictures): number {
  // The table's bits are High's; the lesser profiles are allowed four fifths of them.
  if (codec === 'h264') return h264Level(width, height, fps, profile === 'High' ? bitrate : bitrate * 1.25);
  const samples = width * height;
  const fits = (codec === 'hevc' ? HEVC_LEVELS : AV1_LEVELS).find(
    ([, rate, picture, kbits]) => samples <= picture && samples * fps <= rate && bitrate <= kbits * 1000,
  );
  return fits?.[0] ?? (codec === 'hevc' ? 186 : 19);
}

/** RFC 6381 codec string of pictures as transcodes make them: High or what a client takes instead, Main or Main 10. */
export function madeCodecString(made: MadePictures): string {
  const level = madeLevel(made);
  switch (made.codec) {
    case 'h264':
      return `avc1.${h264ProfileHex(made.profile ?? 'High')}${hex(level)}`;
    case 'hevc':
      return `hvc1.${made.ten ? '2.4' : '1.6'}.L${level}.B0`;
    case 'av1':
      return `av01.0.${String(level).padStart(2, '0')}M.${made.ten ? '10' : '08'}`;
    default:
      return made.codec satisfies never;
  }
}

/** RFC 6381 codec string of a video stream as it is copied into MP4, or null for a codec that MP4 segments never carry. */
export function videoCodecString(video: VideoTraits): string | null {
  switch (video.codec as VideoRendition['codec']) {
    case 'h264': {
      const fps = framesPerSecond(video.frameRate);
      return `avc1.${h264ProfileHex(video.profile)}${hex(validLevel(video) ?? h264Level(video.width, video.height, fps, 0))}`;
    }
    case 'hevc': {
      const ten = video.bitDepth > 8 || video.profile === 'Main 10';
      return `hvc1.${ten ? '2.4' : '1.6'}.L${validLevel(video) ?? 120}.B0`;
    }
    case 'av1':
      return `av01.0.${String(validLevel(video) ?? 8).padStart(2, '0')}M.${String(video.bitDepth).padStart(2, '0')}`;
    case 'vp9':
      return `vp09.0${video.bitDepth > 8 ? 2 : 0}.${vp9Level(video)}.${String(video.bitDepth).padStart(2, '0')}`;
    default:
      return null;
  }
}

/** RFC 6381 codec string of sound in MP4. */
export function audioCodecString(codec: AudioRendition['codec'], profile: AudioStream['profile'] = null): string {
  switch (codec) {
    case 'aac':
      return `mp4a.40.${AAC_OBJECT_TYPES[profile ?? 'LC'] ?? '2'}`;
    case 'mp3':
      return 'mp4a.40.34';
    case 'ac3':
      return 'ac-3';
    case 'eac3':
      return 'ec-3';
    case 'opus':
      return 'opus';
    case 'flac':
      return 'fLaC';
    case 'vorbis':
      return 'vorbis';
  }
}

function h264ProfileHex(profile: string | null): string {
  return H264_PROFILES[profile ?? 'High'] ?? '6400';
}

/** ffprobe says −99 or 0 where it does not know. */
function validLevel(video: { level: number | null }): number | null {
  return video.level !== null && video.level > 0 ? video.level : null;
}

function vp9Level(video: VideoTraits): string {
  const known = validLevel(video);
  if (known !== null) return String(known).padStart(2, '0');
  const samples = video.width * video.height;
  const rate = samples * framesPerSecond(video.frameRate);
  return VP9_LEVELS.find(([, perSecond, picture]) => samples <= picture && rate <= perSecond)?.[0] ?? '61';
}

function hex(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, '0');
}
