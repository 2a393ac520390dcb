import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { LibraryIndex } from '../../../agent/library/index/library-index.ts';
import { ProgressReporter } from '../../../agent/library/scan/progress.ts';
import { scanRoot } from '../../../agent/library/scan/scan-root.ts';
import { type BenchOptions, type BenchResult, median } from '../measures.ts';

const execute = promisify(execFile);
const LONG_AGO = new Date('2024-05-01T12:00:00Z');
const FILES_PER_FOLDER = 50;
const MEGABYTE = 1024 ** 2;

/**
 * The first scan of a tree of empty files (walk, names, index, nothing to probe), the scan of the same tree
 * unchanged, both against `find -printf`; and the first scan of small real films against an ffprobe for each,
 * three at a time.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const files = options.quick ? 10_000 : 100_000;
  const films = options.quick ? 60 : 600;
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-scan-'));
  try {
    const tree = join(dir, 'tree');
    await plant(tree, files, (path) => writeFile(path, ''));
    const film = join(dir, 'film.mp4');
    const source = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:d=1', '-c:v', 'libx264', '-preset', 'ultrafast'];
    await execute('ffmpeg', ['-v', 'error', ...source, film]);
    const shelf = join(dir, 'films');
    await plant(shelf, films, async (path, i) => {
      await copyFile(film, path);
      await writeFile(path, freeBox(i), { flag: 'a' });
    });

    const walk = await timed(() => scan(tree, join(dir, 'tree.sqlite')));
    const before = process.memoryUsage().rss;
    const rescans: number[] = [];
    const finds: number[] = [];
    for (let round = 0; round < 5; round++) {
      finds.push(await timed(() => execute('find', [tree, '-printf', '%p %s %T@\\n'], { maxBuffer: 64 * MEGABYTE })));
      rescans.push(await timed(() => scan(tree, join(dir, 'tree.sqlite'))));
    }
    const grown = (process.memoryUsage().rss - before) / MEGABYTE;
    const probing = await timed(() => scan(shelf, join(dir, 'films.sqlite')));
    return {
      bench: 'scan',
      measures: [
        { name: 'first walk', value: files / walk, unit: 'files/s' },
        { name: 'unchanged re-scan', value: files / median(rescans), unit: 'files/s' },
        { name: 'find -printf', value: files / median(finds), unit: 'files/s' },
        { name: 're-scan against find', value: median(rescans) / median(finds), unit: 'ratio', goal: '<= 3' },
        { name: 'memory grown over re-scans', value: grown, unit: 'MB', goal: '<= 64' },
        { name: 'first scan with probing', value: films / probing, unit: 'files/s' },
      ],
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function plant(root: string, count: number, make: (path: string, i: number) => Promise<void>): Promise<void> {
  for (let i = 0; i < count; i += FILES_PER_FOLDER) {
    const folder = join(root, `Folder ${i / FILES_PER_FOLDER}`);
    await mkdir(folder, { recursive: true });
    const names = Array.from({ length: Math.min(FILES_PER_FOLDER, count - i) }, (_, n) => i + n);
    await Promise.all(
      names.map(async (n) => {
        const path = join(folder, `Film ${n} (2020).mp4`);
        await make(path, n);
        await utimes(path, LONG_AGO, LONG_AGO);
      }),
    );
  }
}

async function scan(path: string, file: string): Promise<void> {
  using index = new LibraryIndex(file, pino({ level: 'silent' }));
  using progress = new ProgressReporter('films', () => {});
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

/** An MP4 box that makes one film's content another's. */
function freeBox(mark: number): Buffer {
  const box = Buffer.alloc(12);
  box.writeUInt32BE(12, 0);
  box.write('free', 4, 'latin1');
  box.writeUInt32BE(mark, 8);
  return box;
}
