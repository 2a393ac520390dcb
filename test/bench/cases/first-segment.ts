import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { start } from '../../../agent/ffmpeg/process.ts';
import type { IndexedCopy } from '../../../agent/library/copies.ts';
import { createPlayback, type Playback } from '../../../agent/playback/playback.ts';
import type { Plan, VideoRendition } from '../../../shared/media/plan.ts';
import { boundariesOf, TIMESCALE, type Timeline } from '../../../shared/media/timeline.ts';
import type { Resource } from '../../../shared/protocol/resources.ts';
import { type BenchOptions, type BenchResult, type Measure, median } from '../measures.ts';

const execute = promisify(execFile);
const FFMPEG = 'ffmpeg';
const RATE = { num: 24_000, den: 1001 };
const SECONDS = 120;
const SIGNAL = () => AbortSignal.timeout(60_000);

/**
 * From the call that opens a session to the last byte of its first media segment, pictures and sound asked for
 * together as players do: as it is, remuxed, and from 1080p to 720p; cold (nothing in the cache) and warm, at the
 * start and in the middle. Beside each transcode, bare ffmpeg makes the same cut in the same run.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const rounds = options.quick ? 3 : 5;
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-first-segment-'));
  const path = join(dir, 'film.mkv');
  try {
    await makeFilm(path);
    const copy = await describeFilm(path);
    const times = new Map<string, number[]>();
    const note = (name: string, ms: number) => times.set(name, [...(times.get(name) ?? []), ms]);
    for (let round = 0; round < rounds; round++) await playRound(dir, copy, round, note);
    return { bench: 'first-segment', measures: judge(times) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function playRound(dir: string, film: IndexedCopy, round: number, note: (name: string, ms: number) => void) {
  // Another fingerprint each round: keyframes and segments are cold, the file itself is in the system's cache.
  const copy = { ...film, fingerprint: randomBytes(16).toString('hex') };
  const playback = createPlayback({
    copies: { copy: () => copy, image: () => null },
    binaries: { ffmpeg: FFMPEG, ffprobe: 'ffprobe' },
    capabilities: { transcodeSlots: 8, videoEncoders: ['libx264'] },
    cacheDir: join(dir, `cache-${round}`),
    cacheBytes: 2 ** 30,
    log: pino({ level: 'silent' }),
    onEvent: () => {},
  });
  try {
    note('direct', await timed(() => playDirect(playback, copy)));
    for (const [name, plan] of [
      ['remux', planOf('copy')],
      ['transcode', planOf('transcode')],
    ] as const) {
      let timeline: Timeline | null = null;
      const cold = await timed(async () => {
        timeline = await playSegment(playback, copy, plan, 0);
      });
      note(`${name}_cold`, cold);
      note(`${name}_warm`, await timed(() => playSegment(playback, copy, plan, 0)));
      if (!timeline) throw new Error('no timeline');
      const boundaries = boundariesOf(timeline);
      const middle = Math.floor((boundaries.length - 1) / 2);
      note(`${name}_seek`, await timed(() => playSegment(playback, copy, plan, middle)));
      const cut = (k: number) => ({
        from: (boundaries[k] as number) / TIMESCALE,
        to: (boundaries[k + 1] as number) / TIMESCALE,
      });
      note(`${name}_bare`, await timed(() => bare(copy.path, name, cut(0))));
      note(`${name}_seek_bare`, await timed(() => bare(copy.path, name, cut(middle))));
    }
  } finally {
    await playback[Symbol.asyncDispose]();
  }
}

function judge(times: ReadonlyMap<string, number[]>): Measure[] {
  const value = (name: string) => median(times.get(name) ?? []);
  return [
    ...[...times.keys()].map((name) => ({ name, value: value(name), unit: 'ms' })),
    { name: 'remux_first', value: value('remux_cold') / 1000, unit: 's', goal: '<= 0.5' },
    { name: 'remux_seek_first', value: value('remux_seek') / 1000, unit: 's', goal: '<= 0.5' },
    { name: 'transcode_first', value: value('transcode_cold') / 1000, unit: 's', goal: '< 3' },
    {
      name: 'transcode_vs_bare',
      value: value('transcode_cold') / value('transcode_bare'),
      unit: 'ratio',
      goal: '<= 1.2',
    },
    {
      name: 'transcode_seek_vs_bare',
      value: value('transcode_seek') / value('transcode_seek_bare'),
      unit: 'ratio',
      goal: '<= 1.2',
    },
  ];
}

async function playDirect(playback: Playback, copy: IndexedCopy): Promise<void> {
  const plan: Plan = { mode: 'direct', reasons: [], video: [], audio: [], subtitles: [] };
  const { bytes, close } = await openSession(playback, copy, plan);
  const { body } = await bytes({ kind: 'file' }, { start: 0, end: 2 ** 20 - 1 });
  if (!('path' in body)) throw new Error('no file');
  const file = await open(body.path);
  await file.read(Buffer.alloc(body.end - body.start), 0, body.end - body.start, body.start);
  await file.close();
  close();
}

/** Init and segment k of both renditions, as a player asks for them. */
async function playSegment(playback: Playback, copy: IndexedCopy, plan: Plan, k: number): Promise<Timeline | null> {
  const { answer, bytes, close } = await openSession(playback, copy, plan);
  const rendition = async (id: string) => {
    // A player that seeks has the init segment already.
    if (k === 0) await bytes({ kind: 'init', rendition: id }, null);
    await bytes({ kind: 'segment', rendition: id, k }, null);
  };
  await Promise.all([...plan.video, ...plan.audio].map(({ id }) => rendition(id)));
  close();
  return answer.timeline;
}

async function openSession(playback: Playback, copy: IndexedCopy, plan: Plan) {
  const session = `ses_${randomBytes(16).toString('base64url')}`;
  const { fingerprint } = copy;
  const key = { root: 'bench', pathHash: fingerprint };
  const params = { session, generation: 1, copy: key, fingerprint, plan, timelineHash: null };
  return {
    answer: await playback.open(params, SIGNAL()),
    bytes: (resource: Resource, range: { start: number; end: number } | null) =>
      playback.bytes({ session, generation: 1, resource, range }, SIGNAL()),
    close: () => playback.close({ session, generation: 1 }),
  };
}

/** What anyone would type to get the same seconds: pictures and sound in one process, to a file of fragments. */
async function bare(file: string, mode: 'remux' | 'transcode', cut: { from: number; to: number }): Promise<void> {
  const codecs =
    mode === 'remux'
      ? ['-c', 'copy']
      : ['-vf', 'scale=1280:720:flags=bilinear,format=yuv420p', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23'];
  const args = [
    ...['-nostdin', '-v', 'error', '-ss', String(cut.from), '-t', String(cut.to - cut.from), '-i', file],
    ...['-map', '0:0', '-map', '0:1', ...codecs, ...(mode === 'remux' ? [] : ['-c:a', 'aac', '-ac', '2'])],
    ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof', '-f', 'mp4', 'pipe:1'],
  ];
  const running = start(FFMPEG, args);
  running.stdout.resume();
  const { code } = await running.exit;
  if (code !== 0) throw new Error(running.stderrTail());
}

function planOf(action: 'copy' | 'transcode'): Plan {
  const size = action === 'copy' ? { width: 1920, height: 1080 } : { width: 1280, height: 720 };
  const video: VideoRendition = {
    ...{ id: 'v1', stream: 0, action, codec: 'h264', ...size, bitrate: 4_000_000, frameRate: RATE },
    ...{ codecs: action === 'copy' ? 'avc1.640028' : 'avc1.64001f', tonemap: false, deinterlace: false },
  };
  const sound = { id: 'a1', stream: 1, action, codec: 'aac' as const, channels: 2, sampleRate: 48_000 };
  const audio = { ...sound, bitrate: 160_000, codecs: 'mp4a.40.2', language: null, title: null, default: true };
  const mode = action === 'copy' ? 'remux' : 'transcode';
  return { mode, reasons: [], video: [video], audio: [audio], subtitles: [] };
}

async function makeFilm(path: string): Promise<void> {
  // Noise over a moving picture: as hard to decode and to encode as a film, about 8 Mbit/s.
  const picture = `testsrc2=size=1920x1080:rate=${RATE.num}/${RATE.den}:duration=20,noise=alls=12:allf=t`;
  const loop = `${path}.loop.mkv`;
  await execute(FFMPEG, [
    ...['-v', 'error', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', 'sine=440:r=48000:d=20', '-ac', '2'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'fastdecode', '-b:v', '8M', '-g', '48'],
    ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', loop],
  ]);
  await execute(FFMPEG, ['-v', 'error', '-stream_loop', String(SECONDS / 20 - 1), '-i', loop, '-c', 'copy', path]);
}

async function describeFilm(path: string): Promise<IndexedCopy> {
  const { size, mtimeMs } = await stat(path);
  const named = { language: null, title: null, default: true, profile: null, bitrate: null };
  const picture = { index: 0, codec: 'h264', level: 40, width: 1920, height: 1080, sar: { num: 1, den: 1 } };
  const rest = { frameRate: RATE, bitDepth: 8, hdr: 'none' as const, interlaced: false, rotation: 0 };
  return {
    path,
    size,
    mtimeMs,
    fingerprint: createHash('sha256').update(path).digest('hex').slice(0, 32),
    media: {
      container: 'mkv',
      durationMs: SECONDS * 1000,
      startTime: 0,
      bitrate: null,
      video: [{ ...picture, ...rest, ...named }],
      audio: [{ index: 1, codec: 'aac', channels: 2, sampleRate: 48_000, ...named }],
      subtitles: [],
      chapters: [],
    },
    externalSubtitles: new Map(),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
