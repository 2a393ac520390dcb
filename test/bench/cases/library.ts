import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pino } from 'pino';
import { locateFfmpeg } from '../../../agent/ffmpeg/locate.ts';
import { openLibrary } from '../../../agent/library/library.ts';
import { SyncEdge } from '../../fakes/sync-edge.ts';
import type { BenchOptions, BenchResult } from '../measures.ts';
import { NODE_FLAGS } from '../scan-process.ts';
import { plantFilms } from '../tree.ts';

const PROGRESS_MS = 600_000;
const MEGABYTE = 1024 ** 2;

/** What the agent's process says of itself at its end. */
interface Told {
  scanMs: number;
  syncedMs: number;
  rescanMs: number;
  peakBytes: number;
  present: number;
}

/**
 * A library of 100,000 films (10,000 with --quick), each with an NFO: scanned, sent to an edge while the scan
 * runs, and scanned again, by the agent's own code in a process of its own.
 */
export async function run(options: BenchOptions): Promise<BenchResult> {
  const films = options.quick ? 10_000 : 100_000;
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-library-'));
  try {
    const tree = join(dir, 'films');
    await plantFilms(tree, films, dir, { sidecars: true });
    await using edge = await SyncEdge.open();
    const told = await agentProcess(tree, join(dir, 'data'), edge.url);
    const claimed = edge.paths().length;
    if (told.present !== films || claimed !== films)
      throw new Error(`${told.present} and ${claimed} of ${films} films`);
    return {
      bench: 'library',
      measures: [
        { name: 'films', value: films, unit: '' },
        { name: 'first scan', value: told.scanMs / 1000, unit: 's' },
        { name: 'scanned and synced', value: told.syncedMs / 1000, unit: 's' },
        { name: 'scanned again', value: told.rescanMs / 1000, unit: 's' },
        { name: 'batches', value: edge.batches.length, unit: '' },
        { name: 'peak memory of the agent', value: told.peakBytes / MEGABYTE, unit: 'MB', goal: '< 250' },
      ],
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function agentProcess(tree: string, data: string, edge: string): Promise<Told> {
  const child = spawn(process.execPath, [...NODE_FLAGS, import.meta.filename, tree, data, edge], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let told: Told | null = null;
  for await (const line of createInterface({ input: child.stdout })) told = JSON.parse(line) as Told;
  await exit;
  if (!told) throw new Error('The agent said nothing.');
  return told;
}

async function agent(tree: string, dataDir: string, edge: string): Promise<Told> {
  const signal = AbortSignal.timeout(PROGRESS_MS);
  const started = performance.now();
  await using library = await openLibrary({
    ...{ roots: [{ path: tree, library: 'Films', followLinks: false }], dataDir, binaries: await locateFfmpeg() },
    ...{ log: pino({ level: 'warn' }, pino.destination(2)), signal, onEvent() {}, watch: false },
  });
  library.scan(null);
  const target = { edge, token: async () => 'token' };
  void library.sync(target, signal);
  await library.idle();
  const scanMs = performance.now() - started;
  await library.sync(target, signal);
  const syncedMs = performance.now() - started;
  const again = performance.now();
  library.scan(null);
  await library.idle();
  const rescanMs = performance.now() - again;
  const present = library.status()[0]?.present ?? 0;
  return { scanMs, syncedMs, rescanMs, present, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

if (import.meta.main) {
  const [tree = '', data = '', edge = ''] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(await agent(tree, data, edge))}\n`);
  process.exit(0);
}
