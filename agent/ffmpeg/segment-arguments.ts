import type { Rational } from '../../shared/media/media-info.ts';
import type { AudioRendition, VideoRendition } from '../../shared/media/plan.ts';
import { BURN_IN_LEAD_SECONDS, type BurnIn, burnInGraph } from './burn-in.ts';
import { downmixFilters } from './downmix.ts';
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

/** Pictures that are repeated, or silence that is made, where a stream ends before the film does. */
const PAD_SECONDS = 10;
/** Frames that are encoded and dropped, so that the encoder's state at a boundary does not depend on it. */
const AUDIO_PREROLL_FRAMES = 8;
/** Sound is read from this much before, so that the first wanted sample is never the decoder's first. */
const AUDIO_LEAD_SECONDS = 0.25;

const common = ({ protocols }: SegmentInput) => [
  ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', protocols, '-copyts'],
];

/** A moof per packet on stdout: the segmenter makes the segments. */
const OUTPUT = [
  ...['-use_editlist', '0', '-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1'],
  ...['-flush_packets', '1', '-f', 'mp4'],
];
/** Nothing but the pictures goes into their segments. */
const NO_OTHERS = ['-an', '-sn', '-dn'];
const MOVFLAGS = '+cmaf+empty_moov+default_base_moof+frag_discont+frag_every_frame+skip_trailer';

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
  /** Subtitles that are painted into the picture. */
  burnIn?: BurnIn | null;
}): string[] {
  const { input, rendition, rate, fromFrame, toFrame, way, burnIn = null } = options;
  const seconds = (frame: number) => (frame * rate.den) / rate.num;
  const filters = [
    'settb=1/90000',
    `setpts=PTS-${Math.round(input.startTime * 90_000)}`,
    ...way.before,
    `fps=fps=${rate.num}/${rate.den}:start_time=${time(seconds(fromFrame))}`,
    ...(way.pads ? [`tpad=stop_mode=clone:stop_duration=${PAD_SECONDS}`] : []),
    `trim=end_pts=${toFrame}`,
    ...way.after,
  ];
  // A quarter of a frame early: one ffmpeg rounds these to its clock, another compares them as they are.
  const forced = options.keyFrames.map((frame) => time(seconds(frame - 0.25)));
  return [
    ...common(input),
    ...way.open,
    ...seek(seconds(fromFrame) - (burnIn ? BURN_IN_LEAD_SECONDS : 0), input),
    ...(burnIn
      ? withSubtitles(input, rendition, { filters, way, burnIn, at: seconds(fromFrame) })
      : [...from(input, rendition.stream), ...NO_OTHERS, '-vf', [...filters, way.last].join(',')]),
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
    ...from(input, rendition.stream),
    ...['-an', '-sn', '-dn', '-c:v', 'copy', ...(rendition.codec === 'hevc' ? ['-tag:v', 'hvc1'] : [])],
    ...['-strict', 'experimental', '-video_track_timescale', '90000', '-movflags', MOVFLAGS],
    ...[...OUTPUT, 'pipe:1'],
  ];
}

/** Encodes sound from frame `fromFrame` (of `frameSamples`, counted from the film's start) until `toFrame`. */
export function audioTranscodeArguments(options: {
  input: SegmentInput;
  rendition: AudioRendition;
  source: { channels: number; sampleRate: number };
  frameSamples: number;
  fromFrame: number;
  toFrame: number;
}): string[] {
  const { input, rendition, source, frameSamples, fromFrame, toFrame } = options;
  const rate = rendition.sampleRate;
  const first = Math.max(0, fromFrame - AUDIO_PREROLL_FRAMES) * frameSamples;
  const lead = first / rate - AUDIO_LEAD_SECONDS;
  const filters = [
    `asetpts=PTS-${time(input.startTime)}/TB`,
    ...(lead > 0 ? [`atrim=start=${time(lead)}`] : []),
    // On its own: where the rate changes, `first_pts` counts in samples of the input.
    ...(source.sampleRate === rate ? [] : [`aresample=${rate}`]),
    `aresample=${rate}:async=1:min_comp=0.0001:min_hard_comp=0.1:first_pts=${first}`,
    `apad=pad_dur=${PAD_SECONDS}`,
    // One frame more: the encoder's own delay pushes the last one out.
    `atrim=end_pts=${(toFrame + 1) * frameSamples}`,
    ...downmixFilters(source.channels, rendition.channels),
  ];
  return [
    ...common(input),
    ...seek(Math.max(0, lead), input),
    ...shortProbe(input),
    ...from(input, rendition.stream),
    ...['-vn', '-sn', '-dn', '-af', filters.join(','), '-ac', String(rendition.channels), '-ar', String(rate)],
    ...['-c:a', rendition.codec, '-b:a', `${Math.round(rendition.bitrate / 1000)}k`],
    // What goes into AC-3's header is only known from its first packet.
    ...['-movflags', rendition.codec === 'aac' ? MOVFLAGS : `${MOVFLAGS}+delay_moov`],
    ...[...OUTPUT, 'pipe:1'],
  ];
}

/** Copies sound from `fromSeconds` on. AC-3's and others' headers can only be written after their first packet. */
export function audioCopyArguments(options: {
  input: SegmentInput;
  rendition: AudioRendition;
  fromSeconds: number;
}): string[] {
  const { input, rendition, fromSeconds } = options;
  return [
    ...common(input),
    ...seek(Math.max(0, fromSeconds - AUDIO_LEAD_SECONDS), input),
    ...shortProbe(input),
    ...from(input, rendition.stream),
    ...['-vn', '-sn', '-dn', '-c:a', 'copy', '-strict', 'experimental'],
    // Out of MPEG-TS each frame has its own header; with a late moov ffmpeg does not see that by itself.
    ...(rendition.codec === 'aac' ? ['-bsf:a', 'aac_adtstoasc'] : []),
    ...['-movflags', `${MOVFLAGS}+delay_moov`],
    ...[...OUTPUT, 'pipe:1'],
  ];
}

/** Without accurate seeking: the filters cut exactly, and ffmpeg's own cut counts a container's start twice. */
function seek(seconds: number, input: SegmentInput): string[] {
  return seekTo(seconds - input.seekMargin);
}

function seekTo(at: number): string[] {
  return at > 0 ? ['-noaccurate_seek', '-ss', time(at)] : [];
}

/**
 * For sound: ffmpeg would otherwise decode pictures of the film to learn about them, while the first segment's
 * pictures wait for the CPU.
 */
function shortProbe(input: SegmentInput): string[] {
  return input.complete ? ['-probesize', '200000', '-analyzeduration', '200000'] : [];
}

function from(input: SegmentInput, stream: number): string[] {
  return ['-i', input.url, '-map', `0:${stream}`];
}

function time(seconds: number): string {
  return seconds.toFixed(6);
}
