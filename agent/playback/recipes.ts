import { createHash } from 'node:crypto';
import type { AudioRendition, Plan, VideoRendition } from '../../shared/media/plan.ts';
import { boundariesOf, TIMESCALE, type Timeline } from '../../shared/media/timeline.ts';
import type { BurnIn } from '../ffmpeg/burn-in.ts';
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
import { audioFrameAt, frameAt } from './boundaries.ts';
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
  /** In how many ways it can be made: with each encoder of the machine, best first. */
  ways: number;
  /** The process that makes segments from k on in one of the ways, and the first one it does not make any more. */
  process(k: number, way: number): { args: string[]; until: number };
  /** That a way did not work is told here. */
  failed(way: number): void;
}

/** Keyframe times go into the command line, which holds 32 KB on Windows: 34 minutes of film a process. */
const MAX_SEGMENTS_PER_PROCESS = 512;
/** MPEG's own containers have no index: a seek lands up to a GOP late. */
const STREAM_SEEK_MARGIN_SECONDS = 12;
const STREAM_CONTAINERS: ReadonlySet<string> = new Set(['ts', 'm2ts', 'mpegts', 'mpg', 'mpeg', 'ps', 'vob']);
/** Their header says all about the streams, so that few packets need be looked at. */
export const COMPLETE_CONTAINERS: ReadonlySet<string> = new Set(['mp4', 'm4v', 'm4a', 'mov', 'mkv', 'webm']);

/** Samples that each frame of an encoder holds. */
const FRAME_SAMPLES: Partial<Record<AudioRendition['codec'], number>> = { aac: 1024, ac3: 1536, eac3: 1536 };

/** How a session's renditions are made, by their ids. Throws an AgentFailure for what this machine cannot make. */
export function recipesOf(options: {
  copy: IndexedCopy;
  plan: Plan;
  timeline: Timeline;
  /** Best first. */
  videoEncoders: readonly string[];
  preset: string;
  onEncoderFailed(name: string): void;
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
    recipes.set(
      rendition.id,
      rendition.action === 'transcode' ? encodedVideo(source, rendition, options) : copiedVideo(source, rendition),
    );
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

function encodersFor(rendition: VideoRendition, names: readonly string[]): [VideoEncoder, ...VideoEncoder[]] {
  const [first, ...others] = rendition.codec === 'h264' ? names.map(encoderNamed).filter((one) => one !== null) : [];
  if (!first) {
    throw new AgentFailure('content', 'not-playable', `This machine cannot make ${rendition.codec} pictures.`);
  }
  return [first, ...others];
}

function copiedVideo(source: Source, rendition: VideoRendition): Recipe {
  const { input, timeline } = source;
  const base = common(source, rendition);
  const rate = timeline.frameRate ?? rendition.frameRate;
  return {
    ...base,
    contentType: 'video/mp4',
    grid: { ...videoGrid(source, rate), origin: input.startTime, packets: null },
    ...ONE_WAY,
    process: (k) => ({
      args: videoCopyArguments({ input, rendition, fromSeconds: base.startSeconds(k) }),
      until: base.count,
    }),
  };
}

function encodedVideo(
  source: Source,
  rendition: VideoRendition,
  options: { videoEncoders: readonly string[]; preset: string; onEncoderFailed(name: string): void },
): Recipe {
  const { input, boundaries, timeline } = source;
  const encoders = encodersFor(rendition, options.videoEncoders);
  const burnIn = burnInOf(source.copy, rendition);
  const base = common(source, rendition);
  const rate = timeline.frameRate ?? rendition.frameRate;
  const frame = (k: number) => frameAt(at(boundaries, k), rate);
  return {
    ...base,
    contentType: 'video/mp4',
    grid: { ...videoGrid(source, rate), origin: 0, packets: (k) => frame(k + 1) - frame(k) },
    ways: encoders.length,
    failed: (way) => options.onEncoderFailed((encoders[way] ?? encoders[0]).name),
    process(k, way) {
      const until = Math.min(base.count, k + MAX_SEGMENTS_PER_PROCESS);
      const [fromFrame = 0, ...keyFrames] = boundaries.slice(k, until).map((ticks) => frameAt(ticks, rate));
      const encoder = encoders[way] ?? encoders[0];
      const range = { fromFrame, toFrame: frame(until), keyFrames };
      const made = { input, rendition, rate, ...range, encoder, preset: options.preset, burnIn };
      return { args: videoTranscodeArguments(made), until };
    },
  };
}

/** The subtitles that a rendition carries in its picture. Throws an AgentFailure where they are gone. */
function burnInOf(copy: IndexedCopy, { burnIn }: VideoRendition): BurnIn | null {
  if (burnIn === undefined) return null;
  const track = copy.media.subtitles.find(({ index }) => index === burnIn);
  const path = copy.externalSubtitles.get(burnIn) ?? null;
  if (!track || (track.external && path === null)) {
    throw new AgentFailure('content', 'not-found', 'The file has no such subtitles.');
  }
  return path === null ? { stream: burnIn, path } : { stream: 0, path };
}

function videoGrid({ boundaries }: Source, rate: { num: number; den: number }) {
  return {
    kind: 'video' as const,
    count: boundaries.length - 1,
    start: (k: number, timescale: number) => Math.round((at(boundaries, k) * timescale) / TIMESCALE),
    tolerance: rate.den / rate.num / 2,
    frame: null,
  };
}

/** What ffmpeg does without an encoder of the machine's choice either works or does not. */
const ONE_WAY = { ways: 1, failed: () => {} };

function audioRecipe(source: Source, rendition: AudioRendition): Recipe {
  const { input, boundaries, copy } = source;
  const base = common(source, rendition);
  const stream = copy.media.audio.find(({ index }) => index === rendition.stream);
  if (!stream) throw new AgentFailure('content', 'not-found', 'The file has no such sound track.');
  const transcode = rendition.action === 'transcode';
  const frameSamples = FRAME_SAMPLES[rendition.codec] ?? 0;
  if (transcode && frameSamples === 0) {
    throw new AgentFailure('content', 'not-playable', `This machine cannot make ${rendition.codec} sound.`);
  }
  const frame = (k: number) => audioFrameAt(at(boundaries, k), rendition.sampleRate, frameSamples);
  const grid: SegmentGrid = {
    kind: 'audio',
    count: base.count,
    start: transcode
      ? (k) => frame(k) * frameSamples
      : (k, timescale) => Math.ceil((at(boundaries, k) * timescale) / TIMESCALE),
    tolerance: transcode ? frameSamples / 2 / rendition.sampleRate : 0,
    origin: transcode ? 0 : input.startTime,
    frame: transcode ? frameSamples : null,
    packets: transcode ? (k) => frame(k + 1) - frame(k) : null,
  };
  const process = (k: number) => ({
    args: transcode
      ? audioTranscodeArguments({
          ...{ input, rendition, source: stream, frameSamples },
          ...{ fromFrame: frame(k), toFrame: frame(base.count) },
        })
      : audioCopyArguments({ input, rendition, fromSeconds: base.startSeconds(k) }),
    until: base.count,
  });
  return { ...base, contentType: 'audio/mp4', grid, process, ...ONE_WAY };
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
