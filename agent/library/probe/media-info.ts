import type { AudioStream, MediaInfo, SubtitleStream, VideoStream } from '../../../shared/media/media-info.ts';
import type { FfprobeOutput, FfprobeStream } from './ffprobe-output.ts';

/** As many as the protocol carries; more audio than this is a problem, more of the others is cut. */
export const MAX_AUDIO_STREAMS = 64;
const MAX_VIDEO_STREAMS = 16;
const MAX_SUBTITLE_STREAMS = 128;
const MAX_CHAPTERS = 500;

/** Rates above this are a container's time base, not a picture rate. */
const MAX_FRAME_RATE = 300;

/** Maps a probe to the project's words. `extension` (without its dot) tells what the demuxer's name leaves open. */
export function toMediaInfo({ format, streams, chapters }: FfprobeOutput, extension: string): MediaInfo {
  const of = (type: string) => streams.filter((stream) => stream.codec_type === type && stream.codec_name);
  return {
    container: containerOf(format.format_name, extension, streams),
    durationMs: Math.max(0, Math.round((numberOf(format.duration) ?? 0) * 1000)),
    startTime: numberOf(format.start_time) ?? 0,
    bitrate: natural(format.bit_rate),
    video: of('video').filter(isPicture).slice(0, MAX_VIDEO_STREAMS).map(toVideo),
    audio: of('audio').slice(0, MAX_AUDIO_STREAMS).map(toAudio),
    subtitles: of('subtitle').slice(0, MAX_SUBTITLE_STREAMS).map(toSubtitle),
    chapters: chapters.slice(0, MAX_CHAPTERS).map((chapter) => ({
      startMs: Math.max(0, Math.round((numberOf(chapter.start_time) ?? 0) * 1000)),
      title: chapter.tags?.title?.slice(0, 500) || null,
    })),
  };
}

function containerOf(name: string, extension: string, streams: readonly FfprobeStream[]): string {
  if (name.includes('mp4')) return extension === 'mov' || extension === 'qt' ? 'mov' : 'mp4';
  if (name.includes('matroska')) {
    const web = (codec: string | undefined) => /^(?:vp8|vp9|av1|opus|vorbis|webvtt)$/.test(codec ?? '');
    return extension === 'webm' && streams.every((stream) => web(stream.codec_name)) ? 'webm' : 'mkv';
  }
  const known: Record<string, string> = { mpegts: 'ts', mpeg: 'mpg', asf: 'wmv', mpegvideo: 'mpg' };
  const first = name.split(',')[0] as string;
  return (known[first] ?? first).slice(0, 20);
}

/** Covers are announced as video streams of one picture. */
export function isPicture(stream: FfprobeStream): boolean {
  return !stream.disposition?.attached_pic && (stream.width ?? 0) > 0 && (stream.height ?? 0) > 0;
}

function toVideo(stream: FfprobeStream): VideoStream {
  return {
    index: stream.index,
    codec: codecOf(stream),
    profile: known(stream.profile)?.slice(0, 60) ?? null,
    level: stream.level !== undefined && stream.level > 0 ? Math.round(stream.level) : null,
    ...shownSize(stream),
    sar: rationalOf(stream.sample_aspect_ratio, ':') ?? { num: 1, den: 1 },
    frameRate: frameRateOf(stream),
    bitDepth: bitDepthOf(stream),
    hdr: hdrOf(stream),
    interlaced: /^(?:tt|bb|tb|bt)$/.test(stream.field_order ?? ''),
    rotation: rotationOf(stream),
    bitrate: bitrateOf(stream),
    ...named(stream),
  };
}

function toAudio(stream: FfprobeStream): AudioStream {
  return {
    index: stream.index,
    codec: codecOf(stream),
    profile: known(stream.profile)?.slice(0, 60) ?? null,
    channels: Math.min(64, Math.max(1, stream.channels ?? 2)),
    sampleRate: natural(stream.sample_rate) || 48_000,
    bitrate: bitrateOf(stream),
    ...named(stream),
  };
}

function toSubtitle(stream: FfprobeStream): SubtitleStream {
  const codec = codecOf(stream);
  const title = stream.tags?.title ?? '';
  const text =
    /^(?:subrip|srt|ass|ssa|mov_text|webvtt|text|ttml|stl|microdvd|sami|subviewer1?|eia_608|hdmv_text_subtitle)$/;
  return {
    index: stream.index,
    codec,
    form: text.test(codec) ? 'text' : 'image',
    forced: stream.disposition?.forced === 1 || /\bforced\b/i.test(title),
    sdh: stream.disposition?.hearing_impaired === 1 || /\b(?:sdh|cc)\b/i.test(title),
    external: false,
    ...named(stream),
  };
}

function named({ tags, disposition }: FfprobeStream): {
  language: string | null;
  title: string | null;
  default: boolean;
} {
  const language = tags?.language?.trim().slice(0, 35).toLowerCase();
  // QuickTime writes its own name of the handler into every track: nothing that a person would call a title.
  const title = (tags?.title ?? '').trim().slice(0, 500);
  return {
    language: language && language !== 'und' && language !== 'unk' ? language : null,
    title: title || null,
    default: disposition?.default === 1,
  };
}

/** The average rate, kept exact where it is one; else the rate that the container was told. */
function frameRateOf(stream: FfprobeStream): { num: number; den: number } {
  for (const text of [stream.avg_frame_rate, stream.r_frame_rate]) {
    const rate = rationalOf(text, '/');
    if (rate && rate.num / rate.den <= MAX_FRAME_RATE) return rate;
  }
  return { num: 25, den: 1 };
}

function bitDepthOf(stream: FfprobeStream): number {
  const raw = natural(stream.bits_per_raw_sample);
  if (raw && raw >= 8 && raw <= 16) return raw;
  const inName = /(?:p|gray|x2rgb|x2bgr|gbrp|p0)(9|10|12|14|16)(?:le|be)?$/.exec(stream.pix_fmt ?? '');
  return inName ? Number(inName[1]) : 8;
}

function hdrOf(stream: FfprobeStream): VideoStream['hdr'] {
  const sideData = stream.side_data_list ?? [];
  const dolby = sideData.some((data) => /dovi|dolby vision/i.test(data.side_data_type ?? ''));
  if (dolby || /^(?:dvh1|dvhe|dvav|dva1|dav1)$/.test(stream.codec_tag_string ?? '')) return 'dolby-vision';
  if (stream.color_transfer === 'smpte2084') return 'hdr10';
  return stream.color_transfer === 'arib-std-b67' ? 'hlg' : 'none';
}

/** An ffprobe that knows of a container's crop belongs to an ffmpeg that cuts the decoded pictures by it (7.1). */
function shownSize(stream: FfprobeStream): Pick<VideoStream, 'width' | 'height' | 'cropped'> {
  const width = stream.width as number;
  const height = stream.height as number;
  const crop = (stream.side_data_list ?? []).find((data) => data.side_data_type === 'Frame Cropping');
  const across = (natural(crop?.crop_left) ?? 0) + (natural(crop?.crop_right) ?? 0);
  const down = (natural(crop?.crop_top) ?? 0) + (natural(crop?.crop_bottom) ?? 0);
  if (across + down === 0 || across >= width || down >= height) return { width, height };
  return { width: width - across, height: height - down, cropped: true };
}

/** ffprobe counts against the clock in side data, and with it in the older tag. */
function rotationOf(stream: FfprobeStream): number {
  const side = (stream.side_data_list ?? []).map((data) => numberOf(data.rotation)).find((value) => value !== null);
  const degrees = side !== undefined ? -side : (numberOf(stream.tags?.rotate) ?? 0);
  return (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
}

/** Matroska keeps a track's rate in statistics tags. */
function bitrateOf(stream: FfprobeStream): number | null {
  return natural(stream.bit_rate) ?? natural(stream.tags?.BPS) ?? natural(stream.tags?.['BPS-eng']);
}

function rationalOf(text: string | undefined, separator: string): { num: number; den: number } | null {
  const [num, den] = (text ?? '').split(separator).map(Number);
  return num && den && Number.isSafeInteger(num) && Number.isSafeInteger(den) && num > 0 && den > 0
    ? { num, den }
    : null;
}

function natural(value: string | number | undefined): number | null {
  const number = numberOf(value);
  return number !== null && number >= 0 && Number.isSafeInteger(Math.round(number)) ? Math.round(number) : null;
}

function numberOf(value: string | number | undefined): number | null {
  const number = value === undefined || value === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

const codecOf = (stream: FfprobeStream) => (stream.codec_name as string).slice(0, 40);
const known = (text: string | undefined) => (text && text !== 'unknown' ? text : null);
