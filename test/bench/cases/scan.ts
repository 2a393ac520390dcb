import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import PQueue from 'p-queue';
import { pino } from 'pino';
import { LibraryIndex } from '../../../agent/library/index/library-index.ts';
import { ProgressReporter } from '../../../agent/library/scan/progress.ts';
import { scanRoot } from '../../../agent/library/scan/scan-root.ts';
import { scanOrder } from '../../../agent/library/scan-order.ts';
import { type BenchOptions, type BenchResult, type Measure, median } from '../measures.ts';
import { scanByMinidlna } from '../minidlna.ts';
import { peakOfScan } from '../scan-process.ts';
import { plantEmpty, plantFilms } from '../tree.ts';

const execute = promisify(execFile);
const MEGABYTE = 1024 ** 2;
const ROUNDS = 5;
const GOAL_FILES = 100_000;
const SPAWNED_AT_ONCE = 3;

/**
 * The first scan of a tree of empty files (walk, names, index, nothing to read), the scan of the same tree
 * unchanged, both against `find -printf`; the first scan of small real films against an ffprobe for each, three
 * at a time, and against minidlna where it is installed; and the agent's memory on a small and a great tree.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const files = options.quick ? 10_000 : 100_000;
  const films = options.quick ? 2000 : 20_000;
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-scan-'));
  try {
    const measures = [...(await walking(dir, files)), ...(await reading(dir, films, options.quick ? 60 : 300))];
    return { bench: 'scan', measures };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function walking(dir: string, files: number): Promise<Measure[]> {
  const [tree, few] = [join(dir, 'tree'), join(dir, 'few')];
  plantEmpty(tree, files);
  plantEmpty(few, files / 10);
  const walk = await timed(() => scan(tree, join(dir, 'tree.sqlite')));
  const rescans: number[] = [];
  const finds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    finds.push(await timed(() => execute('find', [tree, '-printf', '%p %s %T@\\n'], { maxBuffer: 64 * MEGABYTE })));
    rescans.push(await timed(() => scan(tree, join(dir, 'tree.sqlite'))));
  }
  const small = await peakOfScan(few, join(dir, 'few-data'));
  const great = await peakOfScan(tree, join(dir, 'tree-data'));
  return [
    { name: 'first walk', value: files / walk, unit: 'files/s' },
    { name: 'unchanged re-scan', value: files / median(rescans), unit: 'files/s' },
    { name: 'find -printf', value: files / median(finds), unit: 'files/s' },
    {
      ...{ name: 're-scan against find', value: median(rescans) / median(finds), unit: 'ratio' },
      // On a small tree the start of the reading thread is most of it.
      ...(files >= GOAL_FILES ? { goal: '<= 3' } : {}),
    },
    { name: `peak memory, ${files / 10} files`, value: small, unit: 'MB' },
    { name: `peak memory, ${files} files`, value: great, unit: 'MB', goal: '< 250' },
    { name: 'peak memory, ten times the files', value: great / small, unit: 'ratio', goal: '<= 1.5' },
  ];
}

async function reading(dir: string, films: number, spawned: number): Promise<Measure[]> {
  const shelf = join(dir, 'films');
  await plantFilms(shelf, films, dir);
  using delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const own = await timed(() => scan(shelf, join(dir, 'films.sqlite')));
  delay.disable();
  const probing = await timed(() => probeEach(shelf, spawned));
  const minidlna = await scanByMinidlna(shelf, dir);
  if (minidlna === null) process.stdout.write('minidlna is not installed (apt-get install minidlna): not compared.\n');
  const ours = films / own;
  return [
    { name: `first scan of ${films} films`, value: ours, unit: 'films/s' },
    { name: 'an ffprobe for each', value: spawned / probing, unit: 'films/s' },
    ...(minidlna === null
      ? []
      : [
          { name: 'minidlna', value: films / minidlna, unit: 'films/s' },
          { name: 'first scan against minidlna', value: (ours * minidlna) / films, unit: 'ratio', goal: '> 1' },
        ]),
    { name: 'event loop held, p99', value: delay.percentile(99) / 1e6, unit: 'ms' },
    { name: 'event loop held, longest', value: delay.max / 1e6, unit: 'ms' },
  ];
}

async function probeEach(shelf: string, count: number): Promise<void> {
  const names = await readdir(shelf, { recursive: true });
  const queue = new PQueue({ concurrency: SPAWNED_AT_ONCE });
  const what = ['-v', 'error', '-show_format', '-show_streams', '-show_chapters', '-of', 'json'];
  for (const name of names.filter((path) => /\.m(?:p4|kv)$/.test(path)).slice(0, count)) {
    void queue.add(() => execute('ffprobe', [...what, join(shelf, name)]));
  }
  await queue.onIdle();
}

async function scan(path: string, file: string): Promise<void> {
  using index = new LibraryIndex(file, pino({ level: 'silent' }));
  using progress = new ProgressReporter('films', scanOrder('hand'), () => {});
  const root = { id: 'films', path, name: 'Films', library: 'Films', followLinks: false };
  const signal = AbortSignal.timeout(280_000);
  await scanRoot({ root, index, ffprobe: 'ffprobe', progress, onWritten() {}, acceptDeletions: false, signal });
}

/** Seconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
