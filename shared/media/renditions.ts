import { framesPerSecond, type MadePictures, madeCodecString, madeLevel, videoCodecString } from './codecs.ts';
import type { Delivery } from './device-profile.ts';
import { gridRate } from './frame-rates.ts';
import type { MediaInfo, VideoStream } from './media-info.ts';
import type { VideoRendition } from './plan.ts';
import { madeH264, takesProfile } from './profiles.ts';

type VideoSupport = Delivery['video'][number];

/** Rungs of the ladder: the short side of a 16:9 picture, and its peak bits per second in H.264 up to 30 frames. */
const RUNGS = [
  { height: 2160, bitrate: 25_000_000 },
  { height: 1440, bitrate: 16_000_000 },
  { height: 1080, bitrate: 8_000_000 },
  { height: 720, bitrate: 4_000_000 },
  { height: 480, bitrate: 2_000_000 },
  { height: 360, bitrate: 1_000_000 },
] as const;

/** Bits that a codec needs for the same picture, H.264 being 1. */
const NEED: Record<string, number> = { hevc: 0.6, av1: 0.5, vp9: 0.6 };

/** A processor alone makes 1080p in real time, seldom more, and each rung that someone asks for is one process. */
const SOFTWARE_MAX_HEIGHT = 1080;
const SOFTWARE_MAX_RUNGS = 3;
const HARDWARE_MAX_HEIGHT = 2160;

/** A rung less than a tenth below the source's own size is no choice worth a process. */
const RUNG_DISTINCTION = 0.9;

/** A rung that saves less than three tenths of the bits of the one above it relieves no connection. */
const RUNG_SAVING = 0.7;

/** Below this no picture is worth its bits. */
const MIN_VIDEO_BITRATE = 250_000;

/** How far a source's peaks lie above its average, where only the average is known. */
const PEAK_OVER_AVERAGE = 1.5;

/** Pixels as they are shown: sample aspect ratio and rotation applied. */
export function displaySize(video: Pick<VideoStream, 'width' | 'height' | 'sar' | 'rotation'>): Size {
  const aspect = video.sar.num > 0 ? video.sar.num / video.sar.den : 1;
  const width = video.width * aspect;
  return video.rotation % 180 === 0 ? { width, height: video.height } : { width: video.height, height: width };
}

interface Size {
  width: number;
  height: number;
}

/** The rung of a picture: the short side of the smallest 16:9 picture that holds it, so that 1920×800 is 1080. */
export function rungOf(size: Size): number {
  const long = Math.max(size.width, size.height);
  const short = Math.min(size.width, size.height);
  return Math.max(1, Math.round(Math.max(short, (long * 9) / 16)));
}

/** Even sizes, as yuv420p needs, of a picture scaled down (never up) to a rung. */
export function scaledTo(size: Size, rung: number): Size {
  const scale = Math.min(1, rung / rungOf(size));
  return { width: even(size.width, scale), height: even(size.height, scale) };
}

/** What the video ladder is made from. `limit` is in bits per second for the picture alone. */
export interface LadderInput {
  video: VideoStream;
  sourceBitrate: number | null;
  /** What the client says of the codec that is made. */
  support: VideoSupport;
  codec: MadePictures['codec'];
  hardware: boolean;
  limit: number | null;
}

/** Renditions of a source in one codec, best first, never larger than it; at least one. */
export function transcodeLadder(input: LadderInput): VideoRendition[] {
  const size = displaySize(input.video);
  const own = Math.min(rungOf(size), input.hardware ? HARDWARE_MAX_HEIGHT : SOFTWARE_MAX_HEIGHT);
  const below = RUNGS.map((rung) => rung.height).filter((height) => height < own * RUNG_DISTINCTION);
  const all = [own, ...below].map((rung) => transcodeRendition(input, size, rung));
  const taken = all.filter((rendition) => takes(input, rendition));
  const offered = taken.length > 0 ? taken : all.slice(-1);
  const limit = input.limit;
  const within = limit === null ? offered : offered.filter((rendition) => rendition.bitrate <= limit);
  const rungs = within.length > 0 ? within : offered.slice(-1).map((rendition) => squeezed(rendition, limit ?? 0));
  const distinct = cheaper(rungs);
  return input.hardware ? distinct : distinct.slice(0, SOFTWARE_MAX_RUNGS);
}

/** The best rung, and each below it that really costs less: a source of few bits needs the same at any size. */
function cheaper(rungs: readonly VideoRendition[]): VideoRendition[] {
  const kept: VideoRendition[] = [];
  for (const rung of rungs) {
    const above = kept.at(-1);
    if (!above || rung.bitrate <= above.bitrate * RUNG_SAVING) kept.push(rung);
  }
  return kept;
}

/** The source's own video as a rendition, or null for a codec that MP4 segments never carry. */
export function copiedVideo(video: VideoStream, sourceBitrate: number | null): VideoRendition | null {
  const codecs = videoCodecString(video);
  if (codecs === null) return null;
  const size = displaySize(video);
  return {
    id: 'vcopy',
    stream: video.index,
    action: 'copy',
    codec: video.codec as VideoRendition['codec'],
    width: Math.max(1, Math.round(size.width)),
    height: Math.max(1, Math.round(size.height)),
    bitrate: Math.round((sourceBitrate ?? rungBitrate(rungOf(size), 25)) * PEAK_OVER_AVERAGE),
    frameRate: video.frameRate,
    codecs,
    tonemap: false,
    deinterlace: false,
    ...rangeOf(video),
  };
}

/** Average bits per second of the picture: as the stream says, else the file's less its sound; null where unknown. */
export function videoBitrate(media: MediaInfo, video: VideoStream): number | null {
  if (video.bitrate !== null && video.bitrate > 0) return video.bitrate;
  if (media.bitrate === null || media.bitrate === 0) return null;
  const sound = media.audio.reduce((sum, audio) => sum + (audio.bitrate ?? 0), 0);
  return Math.max(media.bitrate - sound, Math.round(media.bitrate / 2));
}

/** What dynamic range a picture has where it keeps its own; nothing is SDR. */
function rangeOf({ hdr }: Pick<VideoStream, 'hdr'>): { range?: 'PQ' | 'HLG' } {
  return hdr === 'none' ? {} : { range: hdr === 'hlg' ? 'HLG' : 'PQ' };
}

/** Dolby Vision without its own metadata may have no picture at all, and H.264 has no HDR that clients take. */
function keepsRange({ video, support, codec }: LadderInput): boolean {
  const ten = codec === 'hevc' ? 'Main 10' : 'Main';
  const standard = video.hdr === 'hdr10' || video.hdr === 'hlg';
  return standard && codec !== 'h264' && support.hdr && support.maxBitDepth >= 10 && takesProfile(support, ten);
}

function transcodeRendition(input: LadderInput, size: Size, rung: number): VideoRendition {
  const { video, codec } = input;
  const { width, height } = scaledTo(size, rung);
  const frameRate = gridRate(video.frameRate);
  const fps = framesPerSecond(frameRate);
  const bitrate = transcodeBitrate(input, rung, fps);
  const kept = keepsRange(input);
  return {
    id: codec === 'h264' ? `v${rung}` : `v${rung}-${codec}`,
    stream: video.index,
    action: 'transcode',
    codec,
    width,
    height,
    bitrate,
    frameRate,
    codecs: madeCodecString({ codec, width, height, fps, bitrate, ten: kept, profile: madeH264(input.support) }),
    tonemap: video.hdr !== 'none' && !kept,
    deinterlace: video.interlaced,
    ...(kept ? rangeOf(video) : {}),
  };
}

/** A rung's bits, but not more than a source of so few bits can have use for. */
function transcodeBitrate(input: LadderInput, rung: number, fps: number): number {
  const need = NEED[input.codec] ?? 1;
  const wanted = Math.round((rungBitrate(rung, fps) * need) / 10_000) * 10_000;
  if (input.sourceBitrate === null) return wanted;
  // MPEG-2 and the like need more than H.264; what they carry is still worth no more than its own bits.
  const useful = Math.round(((input.sourceBitrate * need) / (NEED[input.video.codec] ?? 1)) * PEAK_OVER_AVERAGE);
  return Math.max(MIN_VIDEO_BITRATE, Math.min(wanted, useful));
}

function rungBitrate(rung: number, fps: number): number {
  const above = RUNGS.findLast((known) => known.height >= rung) ?? RUNGS[0];
  const bitrate = above.bitrate * Math.min(1, (rung / above.height) ** 1.5);
  return Math.round((bitrate * (fps > 40 ? 1.5 : 1)) / 10_000) * 10_000;
}

function takes({ support, codec }: LadderInput, { width, height, frameRate, bitrate }: VideoRendition): boolean {
  const fps = framesPerSecond(frameRate);
  const level = madeLevel({ codec, width, height, fps, bitrate, ten: false, profile: madeH264(support) });
  return (
    width <= (support.maxWidth ?? Number.POSITIVE_INFINITY) &&
    height <= (support.maxHeight ?? Number.POSITIVE_INFINITY) &&
    level <= (support.maxLevel ?? Number.POSITIVE_INFINITY)
  );
}

function squeezed(rendition: VideoRendition, limit: number): VideoRendition {
  return { ...rendition, bitrate: Math.max(MIN_VIDEO_BITRATE, Math.min(rendition.bitrate, limit)) };
}

/** The nearest even size, but none above the source's own. */
function even(size: number, scale: number): number {
  return Math.max(2, Math.min(Math.round((size * scale) / 2), Math.floor(size / 2)) * 2);
}
