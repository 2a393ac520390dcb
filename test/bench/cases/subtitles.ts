import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import type { IndexedCopy } from '../../../agent/library/copies.ts';
import { createPlayback } from '../../../agent/playback/playback.ts';
import type { Plan } from '../../../shared/media/plan.ts';
import { stamp } from '../../../shared/media/web-vtt.ts';
import type { Resource } from '../../../shared/protocol/resources.ts';
import { type BenchOptions, type BenchResult, median } from '../measures.ts';

const execute = promisify(execFile);
const LOOP_S = 20;
const FILM_S = 7200;
const QUICK_FILM_S = 1200;
const DIRECT: Plan = { mode: 'direct', reasons: [], video: [], audio: [], subtitles: [] };

/**
 * A film of two hours in 1080p (about 8 GB) with dense and with sparse subtitles: a window of each from the middle, a
 * sheet of previews from the middle, with nothing in any cache of ours; the whole track; and all sheets one after
 * another. The file itself is in the system's cache as far as it fits.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const seconds = options.quick ? QUICK_FILM_S : FILM_S;
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-subtitles-'));
  try {
    const film = await makeFilm(dir, seconds);
    const times = new Map<string, number[]>();
    for (let round = 0; round < (options.quick ? 3 : 5); round++) await measure(dir, film, round, times);
    const value = (name: string) => median(times.get(name) ?? []);
    return {
      bench: 'subtitles',
      measures: [
        { name: 'window_dense', value: value('window_dense'), unit: 's', goal: '< 1' },
        { name: 'window_sparse', value: value('window_sparse'), unit: 's', goal: '< 1' },
        { name: 'whole_track', value: value('whole_track'), unit: 's' },
        { name: 'first_preview', value: value('first_preview'), unit: 's', goal: '< 1' },
        { name: 'preview_kept', value: value('preview_kept'), unit: 's' },
        { name: 'all_previews', value: value('all_previews'), unit: 's' },
      ],
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function measure(dir: string, film: IndexedCopy, round: number, times: Map<string, number[]>): Promise<void> {
  // Another fingerprint each round: nothing that an earlier one made is found.
  const copy = { ...film, fingerprint: randomBytes(16).toString('hex') };
  await using playback = createPlayback({
    copies: { copy: () => copy, image: () => null },
    binaries: { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' },
    capabilities: { transcodeSlots: 1, videoEncoders: ['libx264'] },
    cacheDir: join(dir, `cache-${round}`),
    cacheBytes: 2 ** 30,
    log: pino({ level: 'silent' }),
    onEvent: () => {},
  });
  const session = `ses_${randomBytes(16).toString('base64url')}`;
  const key = { root: 'bench', pathHash: copy.fingerprint };
  const signal = AbortSignal.timeout(300_000);
  await playback.open(
    { session, generation: 1, copy: key, fingerprint: copy.fingerprint, plan: DIRECT, timelineHash: null },
    signal,
  );
  const timed = async (name: string, resources: readonly Resource[]) => {
    const began = performance.now();
    for (const resource of resources) await playback.bytes({ session, generation: 1, resource, range: null }, signal);
    times.set(name, [...(times.get(name) ?? []), (performance.now() - began) / 1000]);
  };
  const middle = Math.floor(copy.media.durationMs / 120_000);
  const sheets = Math.ceil(copy.media.durationMs / 10_000 / 15);
  const sheet = (n: number): Resource => ({ kind: 'trickplay', sheet: n });
  // Before the windows, whose first begins to read the track whole in the background.
  await timed('first_preview', [sheet(Math.floor(sheets / 2))]);
  await timed('preview_kept', [sheet(Math.floor(sheets / 2))]);
  await timed('window_dense', [{ kind: 'subtitle', stream: 2, window: middle }]);
  await timed('window_sparse', [{ kind: 'subtitle', stream: 3, window: middle }]);
  if (round > 0) return;
  await timed('whole_track', [{ kind: 'subtitle', stream: 2 }]);
  await timed(
    'all_previews',
    Array.from({ length: sheets }, (_, n) => sheet(n)),
  );
}

/** Noise over a moving picture: as hard to decode as a film, about 8 Mbit/s. */
async function makeFilm(dir: string, seconds: number): Promise<IndexedCopy> {
  const loop = join(dir, 'loop.mkv');
  const picture = `testsrc2=size=1920x1080:rate=24000/1001:duration=${LOOP_S},noise=alls=12:allf=t`;
  await execute('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', picture, '-f', 'lavfi', '-i', `sine=440:r=48000:d=${LOOP_S}`, '-ac', '2'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'fastdecode', '-b:v', '8M', '-g', '72'],
    ...['-pix_fmt', 'yuv420p', '-c:a', 'aac', loop],
  ]);
  const dense = join(dir, 'dense.srt');
  const sparse = join(dir, 'sparse.srt');
  await writeFile(dense, srt(seconds, 5));
  await writeFile(sparse, srt(seconds, seconds / 4));
  const path = join(dir, 'film.mkv');
  await execute('ffmpeg', [
    ...['-v', 'error', '-stream_loop', String(seconds / LOOP_S - 1), '-i', loop, '-i', dense, '-i', sparse],
    ...['-map', '0', '-map', '1', '-map', '2', '-c', 'copy', '-t', String(seconds), path],
  ]);
  const { size, mtimeMs } = await stat(path);
  const named = { language: null, title: null, default: true };
  const text = { codec: 'subrip', form: 'text', forced: false, sdh: false, external: false } as const;
  const picture1 = { index: 0, codec: 'h264', profile: null, level: 40, width: 1920, height: 1080, bitrate: null };
  const rest = { frameRate: { num: 24_000, den: 1001 }, bitDepth: 8, hdr: 'none', interlaced: false } as const;
  return {
    ...{ path, size, mtimeMs, fingerprint: '', externalSubtitles: new Map() },
    media: {
      ...{ container: 'mkv', durationMs: seconds * 1000, startTime: 0, bitrate: null, chapters: [] },
      video: [{ ...picture1, ...rest, sar: { num: 1, den: 1 }, rotation: 0, ...named }],
      audio: [{ index: 1, codec: 'aac', profile: null, channels: 2, sampleRate: 48_000, bitrate: null, ...named }],
      subtitles: [2, 3].map((index) => ({ index, ...text, ...named })),
    },
  };
}

/** A subtitle of two seconds each `every` seconds. */
function srt(seconds: number, every: number): string {
  const count = Math.floor(seconds / every);
  const at = (time: number) => stamp(time).replace('.', ',');
  return Array.from({ length: count }, (_, i) => {
    const from = (i + 0.5) * every;
    return `${i + 1}\n${at(from)} --> ${at(from + 2)}\nline ${i + 1}\n`;
  }).join('\n');
}
