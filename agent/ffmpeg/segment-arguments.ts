import type { Rational } from '../../shared/media/media-info.ts';
import type { VideoRendition } from '../../shared/media/plan.ts';
import { BURN_IN_LEAD_SECONDS, type BurnIn, burnInGraph } from './burn-in.ts';
import { type PaintedText, textFilters } from './painted-text.ts';
import type { VideoWay } from './video-way.ts';

/** What every segment process is told about its input. */
export interface SegmentInput {
  /** As ffmpeg is told of it, and the protocols that it may use for it. */
  url: string;
  protocols: string;
  /** Seconds; the container's start, taken off every time. */
  startTime: number;
  /** Seconds by which a seek must begin early: MPEG-TS lands on the next keyframe instead of the last one. */
  seekMargin: number;
  /** Whether the header says all about the streams (MP4, Matroska), so that few packets need be looked at. */
  complete: boolean;
}

/** Pictures that are repeated where they end before the film does. */
const PAD_SECONDS = 10;
/** A picture that stands to the film's end is looked for from this much before the pictures end. */
const LAST_PICTURE_SECONDS = 2;

export const common = ({ protocols }: SegmentInput) => [
  ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', protocols, '-copyts'],
];

/** A moof per packet on stdout: the segmenter makes the segments. */
export const OUTPUT = [
  ...['-use_editlist', '0', '-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1'],
  ...['-flush_packets', '1', '-f', 'mp4'],
];
const UNPROBED = ['-probesize', '32', '-analyzeduration', '0'];
/** Nothing but the pictures goes into their segments. */
const NO_OTHERS = ['-an', '-sn', '-dn'];
export const MOVFLAGS = '+cmaf+empty_moov+default_base_moof+frag_discont+frag_every_frame+skip_trailer';

/**
 * Encodes pictures from frame `fromFrame` of the grid until `toFrame`. The fps filter makes the grid: it
 * repeats a picture over a hole and begins exactly at the first frame, so that every segment has the same
 * pictures whoever makes it.
 */
export function videoTranscodeArguments(options: {
  input: SegmentInput;
  rendition: VideoRendition;
  rate: Rational;
  fromFrame: number;
  toFrame: number;
  /** Frames at which the later segments begin. */
  keyFrames: readonly number[];
  way: VideoWay;
  /** Subtitles that are painted into the picture: pictures, or text in the folder that the process works in. */
  burnIn?: BurnIn | null;
  text?: PaintedText | null;
  /** Seconds; the film goes on without pictures from here, and the last one stands. Null is at its end. */
  endsAt?: number | null;
  /** Whether the file's header says all about the pictures, so that none need be decoded to learn about them. */
  described?: boolean;
}): string[] {
  const { input, rendition, rate, fromFrame, toFrame, way } = options;
  const { burnIn = null, text = null, endsAt = null, described = false } = options;
  const seconds = (frame: number) => (frame * rate.den) / rate.num;
  const from = Math.min(seconds(fromFrame), (endsAt ?? Number.POSITIVE_INFINITY) - LAST_PICTURE_SECONDS);
  const filters = [
    'settb=1/90000',
    `setpts=PTS-${Math.round(input.startTime * 90_000)}`,
    ...way.before,
    // Before the grid, which drops all that lies before its beginning: also where the pictures end before that.
    ...(way.pads ? [`tpad=stop_mode=clone:${endsAt === null ? `stop_duration=${PAD_SECONDS}` : 'stop=-1'}`] : []),
    `fps=fps=${rate.num}/${rate.den}:start_time=${time(seconds(fromFrame))}`,
    `trim=end_pts=${toFrame}`,
    ...way.after,
  ];
  // A quarter of a frame early: one ffmpeg rounds these to its clock, another compares them as they are.
  const forced = options.keyFrames.map((frame) => time(seconds(frame - 0.25)));
  return [
    ...common(input),
    ...way.open,
    ...seek(from - (burnIn ? BURN_IN_LEAD_SECONDS : 0), input),
    ...(burnIn
      ? withSubtitles(input, rendition, { filters, way, burnIn, at: from })
      : [
          ...(described ? UNPROBED : []),
          ...inputOf(input, rendition.stream),
          ...NO_OTHERS,
          '-vf',
          [...filters, ...(text ? [textFilters(text, rendition.range ?? null)] : []), way.last].join(','),
        ]),
    ...['-fps_mode', 'passthrough', ...way.encode, ...(rendition.codec === 'hevc' ? ['-tag:v', 'hvc1'] : [])],
    ...['-g', '9999', ...(forced.length > 0 ? ['-force_key_frames', forced.join(',')] : [])],
    // Parameter sets on every keyframe: any encoder's segment then follows any other's init segment.
    ...['-bsf:v', 'dump_extra=freq=keyframe', '-video_track_timescale', '90000', '-movflags', MOVFLAGS],
    ...[...OUTPUT, 'pipe:1'],
  ];
}

/** The input, and the second one where the subtitles have a file of their own, with the graph over both. */
function withSubtitles(
  input: SegmentInput,
  rendition: VideoRendition,
  made: { filters: readonly string[]; way: VideoWay; burnIn: BurnIn; at: number },
): string[] {
  const { filters, way, burnIn, at } = made;
  const graph = burnInGraph({
    video: rendition.stream,
    subtitle: burnIn,
    startTime: input.startTime,
    size: rendition,
    picture: filters,
    upload: way.last,
    range: rendition.range ?? null,
  });
  const beside = burnIn.path === null ? [] : [...seekTo(at - BURN_IN_LEAD_SECONDS), '-i', `file:${burnIn.path}`];
  return ['-i', input.url, ...beside, '-filter_complex', graph, '-map', '[v]', ...NO_OTHERS];
}

/** Copies pictures from the keyframe at `fromSeconds` on; the segmenter drops what the seek brings too early. */
export function videoCopyArguments(options: {
  input: SegmentInput;
  rendition: VideoRendition;
  fromSeconds: number;
}): string[] {
  const { input, rendition, fromSeconds } = options;
  // Half a frame late: a container that rounds to milliseconds would otherwise land a GOP early.
  const half = rendition.frameRate.den / rendition.frameRate.num / 2;
  return [
    ...common(input),
    ...seek(fromSeconds > 0 ? fromSeconds + Math.min(half, 0.01) : 0, input),
    ...inputOf(input, rendition.stream),
    ...['-an', '-sn', '-dn', '-c:v', 'copy', ...(rendition.codec === 'hevc' ? ['-tag:v', 'hvc1'] : [])],
    ...['-strict', 'experimental', '-video_track_timescale', '90000', '-movflags', MOVFLAGS],
    ...[...OUTPUT, 'pipe:1'],
  ];
}

/** Without accurate seeking: the filters cut exactly, and ffmpeg's own cut counts a container's start twice. */
export function seek(seconds: number, input: SegmentInput): string[] {
  return seekTo(seconds - input.seekMargin);
}

function seekTo(at: number): string[] {
  return at > 0 ? ['-noaccurate_seek', '-ss', time(at)] : [];
}

export function inputOf(input: SegmentInput, stream: number): string[] {
  return ['-i', input.url, '-map', `0:${stream}`];
}

export function time(seconds: number): string {
  return seconds.toFixed(6);
}
