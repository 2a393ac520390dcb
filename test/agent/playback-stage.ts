import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import type { ByteAnswer, ByteRequest } from '../../agent/link/handlers.ts';
import { createPlayback, type Playback, type PlaybackOptions } from '../../agent/playback/playback.ts';
import { BoxReader } from '../../agent/playback/segmenter/boxes.ts';
import { readPackets, readTrackHead } from '../../agent/playback/segmenter/packets.ts';
import type { AudioStream, MediaInfo, VideoStream } from '../../shared/media/media-info.ts';
import type { AudioRendition, Plan, VideoRendition } from '../../shared/media/plan.ts';
import type { CallAnswer, CallParams } from '../../shared/protocol/calls.ts';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import type { Resource } from '../../shared/protocol/resources.ts';

export const execute = promisify(execFile);

export const BINARIES = { ffmpeg: '/usr/bin/ffmpeg', ffprobe: '/usr/bin/ffprobe' };

interface Probed {
  format: { duration: string; start_time?: string; format_name: string };
  streams: {
    index: number;
    codec_type: string;
    codec_name: string;
    width?: number;
    height?: number;
    avg_frame_rate: string;
    sample_rate?: string;
    channels?: number;
  }[];
}

const CONTAINERS: Record<string, string> = { mp4: 'mp4', m4a: 'mp4', mkv: 'mkv', ts: 'ts', mp3: 'mp3' };

const known = new Map<string, Promise<Probed>>();

async function probe(path: string): Promise<Probed> {
  const args = ['-v', 'error', '-show_format', '-show_streams', '-of', 'json', path];
  return JSON.parse((await execute('ffprobe', args)).stdout) as Probed;
}

/** A copy as the library would have indexed it, with a fingerprint of its own. */
export async function indexed(path: string): Promise<IndexedCopy> {
  const { size, mtimeMs } = await stat(path);
  const version = `${path} ${size} ${mtimeMs}`;
  const asked = known.get(version) ?? probe(path);
  known.set(version, asked);
  const probed = await asked;
  const named = { language: null, title: null, default: true };
  const media: MediaInfo = {
    container: CONTAINERS[path.split('.').at(-1) ?? ''] ?? 'other',
    durationMs: Math.round(Number(probed.format.duration) * 1000),
    startTime: Number(probed.format.start_time ?? 0),
    bitrate: null,
    video: [],
    audio: [],
    subtitles: [],
    chapters: [],
  };
  for (const stream of probed.streams) {
    const { index, codec_name: codec } = stream;
    const [num = 25, den = 1] = stream.avg_frame_rate.split('/').map(Number);
    if (stream.codec_type === 'video') {
      const picture = { width: stream.width ?? 16, height: stream.height ?? 16, frameRate: { num, den } };
      const rest = {
        profile: null,
        level: null,
        sar: { num: 1, den: 1 },
        bitDepth: 8,
        hdr: 'none',
        rotation: 0,
      } as const;
      media.video.push({ index, codec, ...picture, ...rest, interlaced: false, bitrate: null, ...named });
    } else if (stream.codec_type === 'audio') {
      const { channels = 2, sample_rate: rate } = stream;
      media.audio.push({ index, codec, profile: null, channels, sampleRate: Number(rate), bitrate: null, ...named });
    } else {
      media.subtitles.push({ index, codec, form: 'text', forced: false, sdh: false, external: false, ...named });
    }
  }
  return { path, size, mtimeMs, fingerprint: randomBytes(16).toString('hex'), media, externalSubtitles: new Map() };
}

export function videoTranscode(source: VideoStream, height = 180, more: Partial<VideoRendition> = {}): VideoRendition {
  const width = Math.round((source.width * height) / source.height / 2) * 2;
  return {
    ...{ id: `v${height}`, stream: source.index, action: 'transcode', codec: 'h264', width, height },
    ...{ bitrate: 2_000_000, frameRate: source.frameRate, codecs: 'avc1.64001f', tonemap: false, deinterlace: false },
    ...more,
  };
}

export function videoCopy(source: VideoStream): VideoRendition {
  const codec = source.codec as VideoRendition['codec'];
  return { ...videoTranscode(source, source.height), id: 'vcopy', action: 'copy', codec };
}

export function audio(source: AudioStream, action: 'copy' | 'transcode', id = 'a1'): AudioRendition {
  const codec = action === 'copy' ? (source.codec as AudioRendition['codec']) : 'aac';
  return {
    ...{ id, stream: source.index, action, codec, channels: action === 'copy' ? source.channels : 2 },
    ...{
      sampleRate: source.sampleRate,
      bitrate: 160_000,
      codecs: 'mp4a.40.2',
      language: null,
      title: null,
      default: true,
    },
  };
}

export function planOf(video: VideoRendition[], audio: AudioRendition[]): Plan {
  const mode = video.some(({ action }) => action === 'transcode') ? 'transcode' : 'remux';
  return { mode, reasons: [], video, audio, subtitles: [] };
}

export const DIRECT: Plan = { mode: 'direct', reasons: [], video: [], audio: [], subtitles: [] };

/** A playback engine over some copies, with what a test asks of it most. */
export interface Stage extends AsyncDisposable {
  playback: Playback;
  events: AgentEvent[];
  open(copy: IndexedCopy, plan: Plan, more?: Partial<CallParams<'session.open'>>): Promise<Opened>;
}

export interface Opened {
  id: string;
  answer: CallAnswer<'session.open'>;
  bytes(resource: Resource, more?: Partial<ByteRequest> & { signal?: AbortSignal }): Promise<ByteAnswer>;
  init(rendition: string): Promise<Buffer>;
  segment(rendition: string, k: number): Promise<Buffer>;
  /** Init and these segments, as a player would append them, in a file. */
  assembled(rendition: string, ks: readonly number[]): Promise<string>;
}

export const sessionId = () => `ses_${randomBytes(16).toString('base64url')}`;

export async function stage(options: Partial<PlaybackOptions> = {}): Promise<Stage> {
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-playback-'));
  const copies = new Map<string, IndexedCopy>();
  const events: AgentEvent[] = [];
  const playback = createPlayback({
    copies: { copy: ({ pathHash }) => copies.get(pathHash) ?? null, image: () => null },
    binaries: BINARIES,
    capabilities: { transcodeSlots: 2, videoEncoders: ['libx264'] },
    // How well it looks is not what is tried.
    preset: 'ultrafast',
    cacheDir: join(dir, 'cache'),
    cacheBytes: 256 * 1024 * 1024,
    log: pino({ level: 'silent' }),
    onEvent: (event) => events.push(event),
    ...options,
  });
  return {
    playback,
    events,
    async open(copy, plan, more = {}) {
      copies.set(copy.fingerprint, copy);
      const id = more.session ?? sessionId();
      const key = { root: 'films', pathHash: copy.fingerprint };
      const params = { session: id, generation: 1, copy: key, fingerprint: copy.fingerprint, plan, timelineHash: null };
      const answer = await playback.open({ ...params, ...more }, AbortSignal.timeout(60_000));
      const generation = more.generation ?? 1;
      const bytes: Opened['bytes'] = (resource, { signal, ...request } = {}) =>
        playback.bytes(
          { session: id, generation, resource, range: null, ...request },
          signal ?? AbortSignal.timeout(60_000),
        );
      const init = async (rendition: string) => wholeOf(await bytes({ kind: 'init', rendition }));
      const segment = async (rendition: string, k: number) => wholeOf(await bytes({ kind: 'segment', rendition, k }));
      const assembled = async (rendition: string, ks: readonly number[]) => {
        const parts = [await init(rendition)];
        for (const k of ks) parts.push(await segment(rendition, k));
        return written(dir, parts);
      };
      return { id, answer, bytes, init, segment, assembled };
    },
    async [Symbol.asyncDispose]() {
      await playback[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

let files = 0;
async function written(dir: string, parts: readonly Buffer[]): Promise<string> {
  const path = join(dir, `assembled-${++files}.mp4`);
  await writeFile(path, Buffer.concat(parts));
  return path;
}

export async function wholeOf(answer: ByteAnswer): Promise<Buffer> {
  const { body } = answer;
  if ('path' in body) return (await readFile(body.path)).subarray(body.start, body.end);
  return Buffer.from(body);
}

export interface Frame {
  pts: number;
  duration: number;
}

/** Decodes a file whole: its frames in order of showing, and everything that the decoder complained about. */
export async function decoded(path: string): Promise<{ frames: Frame[]; complaints: string }> {
  const { stderr } = await execute('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-']);
  const args = ['-v', 'error', '-show_entries', 'frame=pts,pkt_duration', '-of', 'csv=p=0', path];
  const { stdout, stderr: probing } = await execute('ffprobe', args, { maxBuffer: 64 * 1024 * 1024 });
  const frames = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(',').map(Number));
  return {
    frames: frames.map(([pts = Number.NaN, duration = Number.NaN]) => ({ pts, duration })),
    complaints: stderr + probing,
  };
}

/** The samples of a media segment as its moof lists them: [decode time, presentation time, duration, key]. */
export function samplesOf(init: Buffer, segment: Buffer): [number, number, number, boolean][] {
  const moov = new BoxReader().push(init).find(({ type }) => type === 'moov');
  const boxes = new BoxReader().push(segment);
  const moof = boxes.find(({ type }) => type === 'moof');
  const mdat = boxes.find(({ type }) => type === 'mdat');
  if (!moov || !moof || !mdat) throw new Error('not a segment');
  return readPackets(moof, mdat, readTrackHead(moov)).map(({ dts, pts, duration, key }) => [dts, pts, duration, key]);
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
