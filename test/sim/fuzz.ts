import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { probe } from '../../agent/library/probe/probe.ts';
import { AgentFailure } from '../../agent/link/handlers.ts';
import { decide } from '../../shared/media/decision.ts';
import { segmentCount } from '../../shared/media/timeline.ts';
import { type Container, containers } from '../agent/fuzz/containers.ts';
import { damaged } from '../agent/fuzz/damage.ts';
import { below, one, seeded } from '../agent/fuzz/seeded.ts';
import { targets } from '../agent/fuzz/targets.ts';
import { BINARIES, stage } from '../agent/playback-stage.ts';
import { CHROMIUM } from '../fakes/media-samples.ts';

/**
 * `node test/sim/fuzz.ts --minutes 5 --seed 1`: damaged containers for every reader of them in a thread that is
 * watched, and every so often for the whole engine with its ffmpeg. A case is found again by its seed: `--case N`.
 */

/** A reader that takes longer over a small file hangs. */
const HANG_MS = 20_000;
const REPORT_MS = 1000;
/** The engine may wait for ffmpeg, which is killed when it says nothing. */
const ENGINE_TIMEOUT_MS = 60_000;
/** What the readers hold between cases must not grow; a heap breathes by some megabytes. */
const GROWTH_MB = 64;

interface Progress {
  cases: number;
  heldMb: number;
  failure: string | null;
}

if (isMainThread) await watch();
else await read(workerData as { dir: string; seed: number; only: number | null; whole: Container[] });

async function watch(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: '1' },
      case: { type: 'string' },
    },
  });
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-fuzz-'));
  const until = Date.now() + Number(values.minutes) * 60_000;
  const seed = Number(values.seed);
  const whole = await containers();
  const only = values.case === undefined ? null : Number(values.case);
  const worker = new Worker(new URL(import.meta.url), { workerData: { dir, seed, only, whole } });
  let last: Progress = { cases: 0, heldMb: 0, failure: null };
  let first: Progress | null = null;
  let heard = Date.now();
  worker.on('message', (progress: Progress) => {
    heard = Date.now();
    last = progress;
    first ??= progress;
  });
  worker.on('error', (error) => {
    last = { ...last, failure: `the thread died after case ${last.cases}: ${error}` };
  });
  let played = 0;
  let refused = 0;
  while (Date.now() < until && last.failure === null && only === null) {
    const outcome = await playDamaged(dir, whole, seed * 1_000_003 + played + refused);
    if (outcome === 'played') played++;
    else if (outcome === 'refused') refused++;
    else last = { ...last, failure: outcome };
    if (Date.now() - heard > HANG_MS) last = { ...last, failure: `a reader hangs near case ${last.cases}` };
  }
  while (only !== null && last.cases === 0 && last.failure === null) await new Promise((wait) => setTimeout(wait, 50));
  await worker.terminate();
  await rm(dir, { recursive: true, force: true });
  const grown = last.heldMb - ((first as Progress | null)?.heldMb ?? 0);
  console.log({ cases: last.cases, grownMb: Math.round(grown), enginePlayed: played, engineRefused: refused });
  if (last.failure || grown > GROWTH_MB) {
    console.error(last.failure ?? `the readers hold ${grown} MB more than at the beginning`);
    process.exitCode = 1;
  }
}

async function read(options: { dir: string; seed: number; only: number | null; whole: Container[] }): Promise<void> {
  const { dir, seed, only, whole } = options;
  const all = targets(dir);
  // What is only waiting to be collected is not held.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  let reported = 0;
  for (let n = only ?? 0; ; n++) {
    const random = seeded(seed * 7919 + n);
    const target = one(random, all);
    const { name, bytes } = one(
      random,
      whole.filter(({ format }) => target.formats.includes(format)),
    );
    const failure = await target.run(damaged(Buffer.from(bytes), random), random).then(
      () => null,
      (error: Error) => `case ${n}: ${target.name} with ${name}: ${error.stack}`,
    );
    if (Date.now() - reported > REPORT_MS || failure || only !== null) {
      reported = Date.now();
      collect();
      const { heapUsed, external } = process.memoryUsage();
      parentPort?.postMessage({ cases: n + 1, heldMb: (heapUsed + external) / 2 ** 20, failure } satisfies Progress);
      await new Promise((turn) => setImmediate(turn));
    }
    if (failure || only !== null) return;
  }
}

/** One damaged film through the probe, the decision and the engine: it plays or is refused, and in time. */
async function playDamaged(dir: string, whole: readonly Container[], seed: number): Promise<string> {
  const random = seeded(seed);
  const { bytes, format } = one(random, whole);
  const path = join(dir, `film.${format === 'mkv' ? 'mkv' : 'mp4'}`);
  await writeFile(path, damaged(Buffer.from(bytes), random));
  const { size, mtimeMs } = await stat(path);
  const shape = { recognised: true, expectedSize: null };
  const probed = await probe(BINARIES.ffprobe, { path, size, shape }, AbortSignal.timeout(ENGINE_TIMEOUT_MS));
  if ('problem' in probed) return 'refused';
  const { media } = probed;
  const profile = { ...CHROMIUM, file: { containers: [], video: [], audio: [] } };
  const plan = decide({ media, profile, keyframesUnknown: random() < 0.5, agent: { videoEncoders: ['libx264'] } });
  if (plan.mode === 'none') return 'refused';
  const fingerprint = seed.toString(16).padStart(32, '0').slice(-32);
  await using theatre = await stage({ preset: 'ultrafast' });
  try {
    const copy = { path, size, mtimeMs, fingerprint, media, externalSubtitles: new Map() };
    const { answer, bytes: ask } = await theatre.open(copy, plan);
    const k = below(random, segmentCount(answer.timeline ?? { runs: [] }));
    const renditions = [...plan.video, ...plan.audio].map(({ id }) => id);
    const wishes = renditions.map((rendition) =>
      ask({ kind: 'segment', rendition, k }, { signal: AbortSignal.timeout(ENGINE_TIMEOUT_MS) }),
    );
    const outcomes = await Promise.allSettled(wishes);
    const bad = outcomes.find((each) => each.status === 'rejected' && !(each.reason instanceof AgentFailure));
    if (bad?.status === 'rejected') return `engine, seed ${seed}, segment ${k}: ${bad.reason}`;
    return 'played';
  } catch (error) {
    if (error instanceof AgentFailure) return 'refused';
    return `engine, seed ${seed}: ${(error as Error).stack}`;
  }
}
