import { createHash } from 'node:crypto';
import type { AudioRendition, Plan, VideoRendition } from '../../shared/media/plan.ts';
import { boundariesOf, TIMESCALE, type Timeline } from '../../shared/media/timeline.ts';
import { type EncodingPower, waysOf } from '../ffmpeg/encoding-power.ts';
import { type SegmentInput, videoCopyArguments, videoTranscodeArguments } from '../ffmpeg/segment-arguments.ts';
import {
  audioCopyArguments,
  audioFillArguments,
  audioTranscodeArguments,
  canFillSound,
} from '../ffmpeg/sound-arguments.ts';
import type { IndexedCopy } from '../library/copies.ts';
import { AgentFailure } from '../link/handlers.ts';
import { audioFrameAt, frameAt } from './boundaries.ts';
import type { Film } from './film.ts';
import { oncePerTrack, paintedInto, type TextFolderOf } from './painted-into.ts';
import type { SegmentGrid } from './segmenter/segmenter.ts';
import type { WayHealth } from './way-health.ts';

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
  /** The way to make it that is best now, not one of `except`; `padding` one that goes on to the film's end. */
  way(except: ReadonlySet<number>, padding: boolean): number | null;
  /** The process that makes segments from k on in one of the ways, for copied sound up to `until`. */
  process(k: number, way: number, until: number): RecipeProcess;
  /** A process in this way was started; what is returned is called once it is gone. */
  began(way: number): () => void;
  /** Resolves once all is there that its processes need beside the film. Throws an AgentFailure. */
  ready(signal: AbortSignal): Promise<void>;
  /** Lets go of that, when no process is left. */
  release(): Promise<void>;
  /** A way failed where another did not; `said` is the end of what ffmpeg wrote. */
  failed(way: number, said: string): void;
}

interface RecipeProcess {
  args: string[];
  /** The folder that it works in; absent is this process's own. */
  cwd?: string;
  /** The first segment that it does not make any more. */
  until: number;
  /** Whether it repeats the last picture where the file's end before the film does. */
  pads: boolean;
  /** Whether a driver is part of it, which may hang. */
  onChip: boolean;
}

/** Keyframe times go into the command line, which holds 32 KB on Windows: 34 minutes of film a process. */
const MAX_SEGMENTS_PER_PROCESS = 512;
/** MPEG's own containers have no index: a seek lands up to a GOP late. */
const STREAM_SEEK_MARGIN_SECONDS = 12;
const STREAM_CONTAINERS: ReadonlySet<string> = new Set(['ts', 'm2ts', 'mpegts', 'mpg', 'mpeg', 'ps', 'vob']);
/** Their header says all about the streams, so that few packets need be looked at. */
export const COMPLETE_CONTAINERS: ReadonlySet<string> = new Set(['mp4', 'm4v', 'm4a', 'mov', 'mkv', 'webm']);

/** Their containers' headers hold all that a decoder needs; without looking further the first picture is 60 ms sooner. */
const DESCRIBED_CODECS: ReadonlySet<string> = new Set(['h264', 'hevc', 'av1', 'vp9']);

/** Samples that each frame of an encoder holds. */
const FRAME_SAMPLES: Partial<Record<AudioRendition['codec'], number>> = { aac: 1024, ac3: 1536, eac3: 1536 };

/** How a session's renditions are made, by their ids. Throws an AgentFailure for what this machine cannot make. */
export function recipesOf(options: {
  film: Pick<Film, 'copy' | 'input' | 'made'>;
  plan: Plan;
  timeline: Timeline;
  making: Making;
  /** Tells apart what lies beside the film and is painted into it, by rendition. */
  editions?: ReadonlyMap<string, string>;
}): Map<string, Recipe> {
  const { plan, timeline, film, editions = new Map() } = options;
  const { copy, input: from } = film;
  const boundaries = boundariesOf(timeline);
  const input: SegmentInput = {
    ...{ url: from.url, protocols: from.protocols },
    startTime: copy.media.startTime,
    seekMargin: STREAM_CONTAINERS.has(copy.media.container) ? STREAM_SEEK_MARGIN_SECONDS : 0,
    complete: COMPLETE_CONTAINERS.has(copy.media.container),
  };
  const source: Source = { film, copy, input, boundaries, timeline, editions };
  const making = { ...options.making, textFolder: oncePerTrack(options.making.textFolder) };
  const recipes = new Map<string, Recipe>();
  for (const rendition of plan.video) {
    recipes.set(
      rendition.id,
      rendition.action === 'transcode' ? encodedVideo(source, rendition, making) : copiedVideo(source, rendition),
    );
  }
  for (const rendition of plan.audio) recipes.set(rendition.id, audioRecipe(source, rendition));
  return recipes;
}

/** What pictures are made with here. */
export interface Making {
  power: EncodingPower;
  health: WayHealth;
  /** libx264's preset. */
  preset: string;
  textFolder: TextFolderOf;
}

interface Source {
  film: Pick<Film, 'copy' | 'made'>;
  copy: IndexedCopy;
  input: SegmentInput;
  boundaries: readonly number[];
  timeline: Timeline;
  editions: ReadonlyMap<string, string>;
}

function copiedVideo(source: Source, rendition: VideoRendition): Recipe {
  const { input, timeline } = source;
  const base = common(source, rendition);
  const rate = timeline.frameRate ?? rendition.frameRate;
  return {
    ...base,
    contentType: 'video/mp4',
    grid: { ...videoGrid(source, rate), origin: input.startTime, packets: null, unbroken: false },
    ...ONE_WAY,
    process: (k) => ({
      args: videoCopyArguments({ input, rendition, fromSeconds: base.startSeconds(k) }),
      ...{ until: base.count, ...ON_ITS_OWN },
    }),
  };
}

function encodedVideo(source: Source, rendition: VideoRendition, making: Making): Recipe {
  const { power, health, preset } = making;
  const { input, boundaries, timeline, copy } = source;
  const stream = copy.media.video.find(({ index }) => index === rendition.stream);
  if (!stream) throw new AgentFailure('content', 'not-found', 'The file has no such picture.');
  const ways = waysOf(power, { source: stream, rendition }, preset);
  const [best] = ways;
  if (!best) throw new AgentFailure('content', 'not-playable', `This machine cannot make ${rendition.codec} pictures.`);
  const { burnIn, folder } = paintedInto(source.film, rendition, making.textFolder);
  const endsAt = stream.endsMs === undefined ? null : stream.endsMs / 1000;
  const base = common(source, rendition);
  const rate = timeline.frameRate ?? rendition.frameRate;
  const frame = (k: number) => frameAt(at(boundaries, k), rate);
  return {
    ...base,
    contentType: 'video/mp4',
    grid: { ...videoGrid(source, rate), origin: 0, packets: (k) => frame(k + 1) - frame(k), unbroken: false },
    way(except, padding) {
      const left = ways.filter((way, n) => !except.has(n) && (way.pads || !padding));
      const [first] = health.order(left, Date.now());
      return first ? ways.indexOf(first) : null;
    },
    began: (way) => health.began(ways[way] ?? best),
    failed: (way, said) => health.failed(ways[way] ?? best, said, Date.now()),
    process(k, n) {
      const until = Math.min(base.count, k + MAX_SEGMENTS_PER_PROCESS);
      const [fromFrame = 0, ...keyFrames] = boundaries.slice(k, until).map((ticks) => frameAt(ticks, rate));
      const way = ways[n] ?? best;
      const range = { fromFrame, toFrame: frame(until), keyFrames };
      const described = input.complete && DESCRIBED_CODECS.has(stream.codec);
      const text = folder?.text ?? null;
      const args = videoTranscodeArguments({ input, rendition, rate, ...range, way, burnIn, text, endsAt, described });
      return { args, until, pads: way.pads, onChip: way.device !== null, ...(text ? { cwd: text.folder } : {}) };
    },
    ...(folder ? { ready: (signal) => folder.ready(signal), release: () => folder.release() } : {}),
  };
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
const ONE_WAY = {
  way: (except: ReadonlySet<number>) => (except.has(0) ? null : 0),
  began: () => () => {},
  failed: () => {},
};
const ON_ITS_OWN = { pads: true, onChip: false };

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
    unbroken: !transcode && canFillSound(rendition),
  };
  if (transcode) {
    const process = (k: number) => ({
      args: audioTranscodeArguments({
        ...{ input, rendition, source: stream, frameSamples },
        ...{ fromFrame: frame(k), toFrame: frame(base.count) },
      }),
      ...{ until: base.count, ...ON_ITS_OWN },
    });
    return { ...base, contentType: 'audio/mp4', grid, process, ...ONE_WAY };
  }
  return { ...base, contentType: 'audio/mp4', grid, ...copiedSound(input, rendition, base) };
}

/** Copied as far as it goes; where there is none, silence in the same codec: a player stops where a track has a hole. */
function copiedSound(
  input: SegmentInput,
  rendition: AudioRendition,
  { startSeconds }: Pick<Recipe, 'startSeconds'>,
): Pick<Recipe, 'way' | 'began' | 'failed' | 'process'> {
  const filling = canFillSound(rendition) ? 1 : null;
  const process = (k: number, way: number, until: number) => {
    if (way !== filling) {
      const args = audioCopyArguments({ input, rendition, fromSeconds: startSeconds(k) });
      return { args, until, pads: filling === null, onChip: false };
    }
    const span = { fromSeconds: startSeconds(k), toSeconds: startSeconds(until) };
    return { args: audioFillArguments({ input, rendition, ...span }), until, ...ON_ITS_OWN };
  };
  const way = (except: ReadonlySet<number>, padding: boolean) => {
    const wanted = padding && filling !== null ? [filling] : [0, ...(filling === null ? [] : [filling])];
    return wanted.find((each) => !except.has(each)) ?? null;
  };
  return { ...ONE_WAY, way, process };
}

function common(source: Source, rendition: VideoRendition | AudioRendition) {
  const { boundaries, copy, timeline, editions } = source;
  const edition = editions.get(rendition.id);
  // Its name, language and title are for people: they change no byte.
  const { id: _, ...made } = rendition;
  const what = 'language' in made ? { ...made, language: null, title: null, default: false } : made;
  const key = createHash('sha256')
    .update(JSON.stringify([copy.fingerprint, timeline.hash, what, ...(edition ? [edition] : [])]))
    .digest('hex');
  return {
    key: key.slice(0, 32),
    count: boundaries.length - 1,
    startSeconds: (k: number) => at(boundaries, k) / TIMESCALE,
    ready: async () => {},
    release: async () => {},
  };
}

function at(boundaries: readonly number[], k: number): number {
  return boundaries[Math.min(k, boundaries.length - 1)] ?? 0;
}

/** The segment that is shown at a time. */
export function segmentAt({ count, startSeconds }: Pick<Recipe, 'count' | 'startSeconds'>, seconds: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (startSeconds(middle) <= seconds) low = middle;
    else high = middle - 1;
  }
  return low;
}
