import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchOptions, type BenchResult, median, quantile } from '../measures.ts';
import { BenchServer, rssMiB } from '../server.ts';
import { plantFilms } from '../tree.ts';

/** Until then it is there, or the verdict says how much of it is. */
const LIMIT_MS = 420_000;
const RESCAN_LIMIT_MS = 60_000;
const POLL_MS = 500;
/** Parts of the library after which the edge's memory is read. */
const MARKS = [0.1, 0.5, 1];

interface Run {
  state: string;
  total: number | null;
}

/**
 * A library of 100,000 films (5,000 with --quick) with an NFO each, as a household has it: the agent scans and sends
 * it to a real edge while somebody browses, and is then asked to look again.
 */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const films = quick ? 5000 : 100_000;
  const dir = await mkdtemp(join(tmpdir(), 'hearthcast-whole-'));
  try {
    const tree = join(dir, 'Films');
    await plantFilms(tree, films, dir, { sidecars: true });
    const started = performance.now();
    await using server = await BenchServer.start(join(dir, 'data'), ['--no-demo', '--media', tree]);
    const browsed: number[] = [];
    const memory = new Map<number, number>();
    let scanned = 0;
    let items = 0;
    for (const end = Date.now() + LIMIT_MS; Date.now() < end; await sleep(POLL_MS)) {
      const now = await shown(server);
      const { library } = now;
      items = now.items;
      if (library !== null) browsed.push(...(await browse(server, library)));
      for (const mark of MARKS) if (items >= films * mark && !memory.has(mark)) memory.set(mark, edgeMemory(server));
      const [last] = library === null ? [] : await runs(server);
      if (scanned === 0 && last && last.state !== 'running') scanned = performance.now() - started;
      if (items >= films && scanned > 0) break;
    }
    const synced = performance.now() - started;
    const again = items >= films ? await rescan(server) : null;
    const settled = await settledBrowsing(server);
    const [small = 0, , full = 0] = MARKS.map((mark) => memory.get(mark) ?? 0);
    return {
      bench: 'whole-library',
      measures: [
        { name: 'films to be browsed', value: items, unit: 'films', goal: `>= ${films}` },
        ...(scanned > 0 ? [{ name: 'scanned', value: scanned / 1000, unit: 's' }] : []),
        { name: 'filling it took', value: synced / 1000, unit: 's' },
        ...(again === null ? [] : [{ name: 'looked through again', value: again / 1000, unit: 's' }]),
        { name: 'a page while it is filled, median', value: median(browsed), unit: 'ms' },
        { name: 'a page while it is filled, p99', value: quantile(browsed, 0.99), unit: 'ms' },
        { name: 'a page afterwards, p99', value: quantile(settled, 0.99), unit: 'ms' },
        { name: 'peak memory of the agent', value: peakMiB(server.agentPid), unit: 'MiB', goal: '< 250' },
        ...MARKS.map((mark) => {
          return { name: `edge at ${mark * 100} %`, value: memory.get(mark) ?? 0, unit: 'MiB' };
        }),
        // A page cache that fills is no growth; a list of all films would be five times it.
        ...(full > 0
          ? [{ name: 'edge, full against a tenth', value: full / small, unit: 'ratio', goal: '<= 1.5' }]
          : []),
      ],
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function shown(server: BenchServer): Promise<{ library: string | null; items: number }> {
  const { items } = await server.get<{ items: { id: string; items: number }[] }>('/api/v1/libraries');
  return { library: items[0]?.id ?? null, items: items[0]?.items ?? 0 };
}

async function runs(server: BenchServer): Promise<Run[]> {
  return (await server.get<{ items: Run[] }>('/api/v1/scan-runs?limit=1')).items;
}

/** Milliseconds of each page that somebody looks at. */
async function browse(server: BenchServer, library: string): Promise<number[]> {
  const took: number[] = [];
  for (const path of [
    '/api/v1/home',
    `/api/v1/libraries/${library}/items?sort=added`,
    `/api/v1/libraries/${library}/items?sort=title`,
    '/api/v1/search?q=title',
  ]) {
    const began = performance.now();
    await server.get(path);
    took.push(performance.now() - began);
  }
  return took;
}

async function settledBrowsing(server: BenchServer): Promise<number[]> {
  const { library } = await shown(server);
  const took: number[] = [];
  for (let i = 0; i < 25 && library !== null; i++) took.push(...(await browse(server, library)));
  return took;
}

/** Milliseconds until a scan that is asked for has ended; null where it did not in time. */
async function rescan(server: BenchServer): Promise<number | null> {
  const { library } = await shown(server);
  const began = performance.now();
  await server.post(`/api/v1/libraries/${library}/scan`, {});
  for (const end = Date.now() + RESCAN_LIMIT_MS; Date.now() < end; await sleep(POLL_MS / 5)) {
    const [last] = await runs(server);
    if (last?.state === 'done') return performance.now() - began;
  }
  return null;
}

const edgeMemory = (server: BenchServer) => server.edgePids().reduce((sum, pid) => sum + rssMiB(pid), 0);

/** The most that a process ever had resident, by Linux's /proc. */
function peakMiB(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
