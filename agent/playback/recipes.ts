import { createHash } from 'node:crypto';
import type { AudioRendition, Plan, VideoRendition } from '../../shared/media/plan.ts';
import { boundariesOf, TIMESCALE, type Timeline } from '../../shared/media/timeline.ts';
import { encoderNamed, type VideoEncoder } from '../ffmpeg/encoders.ts';
import {
  audioCopyArguments,
  audioTranscodeArguments,
  type SegmentInput,
  videoCopyArguments,
  videoTranscodeArguments,
} from '../ffmpeg/segment-arguments.ts';
import type { IndexedCopy } from '../library/copies.ts';
import { AgentFailure } from '../link/handlers.ts';
import { AAC_FRAME, audioFrameAt, frameAt } from './boundaries.ts';
import type { SegmentGrid } from './segmenter/segmenter.ts';

/** All that is needed to make any segment of one rendition. */
export interface Recipe {
  /** The same for whoever would make the same bytes' segments: the cache's folder. */
  key: string;
  contentType: string;
  /** Segments of the film. */
  count: number;
  /** Start of segment k in seconds; of `count`, the end. */
  startSeconds(k: number): number;
  grid: SegmentGrid;
  /** The process that makes segments from k on, and the first one it does not make any more. */
  process(k: number): { args: string[]; until: number };
}

/** Keyframe times go into the command line, which holds 32 KB on Windows: 34 minutes of film a process. */
const MAX_SEGMENTS_PER_PROCESS = 512;
/** MPEG's own containers have no index: a seek lands up to a GOP late. */
const STREAM_SEEK_MARGIN_SECONDS = 12;
const STREAM_CONTAINERS: ReadonlySet<string> = new Set(['ts', 'm2ts', 'mpegts', 'mpg', 'mpeg', 'ps', 'vob']);
const COMPLETE_CONTAINERS: ReadonlySet<string> = new Set(['mp4', 'm4v', 'm4a', 'mov', 'mkv', 'webm']);

/** How a session's renditions are made, by their ids. Throws an AgentFailure for what this machine cannot make. */
export function recipesOf(options: {
  copy: IndexedCopy;
  plan: Plan;
  timeline: Timeline;
  videoEncoders: readonly string[];
  preset: string;
}): Map<string, Recipe> {
  const { copy, plan, timeline } = options;
  const boundaries = boundariesOf(timeline);
  const input: SegmentInput = {
    path: copy.path,
    startTime: copy.media.startTime,
    seekMargin: STREAM_CONTAINERS.has(copy.media.container) ? STREAM_SEEK_MARGIN_SECONDS : 0,
    complete: COMPLETE_CONTAINERS.has(copy.media.container),
  };
  const source: Source = { copy, input, boundaries, timeline };
  const recipes = new Map<string, Recipe>();
  for (const rendition of plan.video) {
    const encoder = rendition.action === 'transcode' ? chooseEncoder(rendition, options.videoEncoders) : null;
    recipes.set(rendition.id, videoRecipe(source, rendition, encoder, options.preset));
  }
  for (const rendition of plan.audio) recipes.set(rendition.id, audioRecipe(source, rendition));
  return recipes;
}

interface Source {
  copy: IndexedCopy;
  input: SegmentInput;
  boundaries: readonly number[];
  timeline: Timeline;
}

function chooseEncoder(rendition: VideoRendition, names: readonly string[]): VideoEncoder {
  const encoder = rendition.codec === 'h264' ? names.map(encoderNamed).find((found) => found !== null) : null;
  if (!encoder) {
    throw new AgentFailure('content', 'not-playable', `This machine cannot make ${rendition.codec} pictures.`);
  }
  return encoder;
}

function videoRecipe(source: Source, rendition: VideoRendition, encoder: VideoEncoder | null, preset: string): Recipe {
  const { input, boundaries, timeline } = source;
  const rate = timeline.frameRate ?? rendition.frameRate;
  const base = common(source, rendition);
  const grid: SegmentGrid = {
    kind: 'video',
    count: base.count,
    start: (k, timescale) => Math.round((at(boundaries, k) * timescale) / TIMESCALE),
    tolerance: rate.den / rate.num / 2,
    origin: encoder ? 0 : input.startTime,
    frame: null,
    packets: encoder ? (k) => frameAt(at(boundaries, k + 1), rate) - frameAt(at(boundaries, k), rate) : null,
  };
  const process = (k: number) => {
    if (!encoder) {
      return { args: videoCopyArguments({ input, rendition, fromSeconds: base.startSeconds(k) }), until: base.count };
    }
    const until = Math.min(base.count, k + MAX_SEGMENTS_PER_PROCESS);
    const [fromFrame = 0, ...keyFrames] = boundaries.slice(k, until).map((ticks) => frameAt(ticks, rate));
    const toFrame = frameAt(at(boundaries, until), rate);
    const args = videoTranscodeArguments({ input, rendition, rate, fromFrame, toFrame, keyFrames, encoder, preset });
    return { args, until };
  };
  return { ...base, contentType: 'video/mp4', grid, process };
}

function audioRecipe(source: Source, rendition: AudioRendition): Recipe {
  const { input, boundaries } = source;
  const base = common(source, rendition);
  const transcode = rendition.action === 'transcode';
  if (transcode && rendition.codec !== 'aac') {
    throw new AgentFailure('content', 'not-playable', `This machine cannot make ${rendition.codec} sound.`);
  }
  const frame = (k: number) => audioFrameAt(at(boundaries, k), rendition.sampleRate);
  const grid: SegmentGrid = {
    kind: 'audio',
    count: base.count,
    start: transcode
      ? (k) => frame(k) * AAC_FRAME
      : (k, timescale) => Math.ceil((at(boundaries, k) * timescale) / TIMESCALE),
    tolerance: transcode ? AAC_FRAME / 2 / rendition.sampleRate : 0,
    origin: transcode ? 0 : input.startTime,
    frame: transcode ? AAC_FRAME : null,
    packets: transcode ? (k) => frame(k + 1) - frame(k) : null,
  };
  const process = (k: number) => ({
    args: transcode
      ? audioTranscodeArguments({ input, rendition, fromFrame: frame(k), toFrame: frame(base.count) })
      : audioCopyArguments({ input, rendition, fromSeconds: base.startSeconds(k) }),
    until: base.count,
  });
  return { ...base, contentType: 'audio/mp4', grid, process };
}

function common(source: Source, rendition: VideoRendition | AudioRendition) {
  const { boundaries, copy, timeline } = source;
  // Its name, language and title are for people: they change no byte.
  const { id: _, ...made } = rendition;
  const what = 'language' in made ? { ...made, language: null, title: null, default: false } : made;
  const key = createHash('sha256')
    .update(JSON.stringify([copy.fingerprint, timeline.hash, what]))
    .digest('hex');
  return {
    key: key.slice(0, 32),
    count: boundaries.length - 1,
    startSeconds: (k: number) => at(boundaries, k) / TIMESCALE,
  };
}

function at(boundaries: readonly number[], k: number): number {
  return boundaries[Math.min(k, boundaries.length - 1)] ?? 0;
}
