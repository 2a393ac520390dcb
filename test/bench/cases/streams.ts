import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFarLink } from '../far-link.ts';
import { FILM_TITLE, makeFilm } from '../film.ts';
import { type BenchOptions, type BenchResult, quantile } from '../measures.ts';
import { BenchServer, cpuSeconds } from '../server.ts';
import { download } from '../viewer.ts';

const MIB = 1024 * 1024;
const FILE_MIB = 512;

/** 8 Mbit/s, asked for as players do: four seconds of film at a time. */
const SEGMENT_SECONDS = 4;
const SEGMENT_BYTES = 4_000_000;

/** There and back, on each of the two ways. */
const FAR_MS = 40;

/** How many direct-play viewers at 8 Mbit/s one core of edge and agent together carries, each at its full rate. */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const viewers = 100;
  const rounds = quick ? 4 : 12;
  const dir = mkdtempSync(join(tmpdir(), 'hearthcast-bench-'));
  try {
    makeFilm(join(dir, 'Films'), FILE_MIB);
    await using server = await BenchServer.start(join(dir, 'data'), ['--media', join(dir, 'Films')]);
    const urls: string[] = [];
    for (let i = 0; i < viewers; i++) urls.push(await server.playDirect(FILM_TITLE));
    const pids = () => [...server.edgePids(), server.agentPid];
    const used = () =>
      pids()
        .map(cpuSeconds)
        .reduce((a, b) => a + b, 0);

    const cpuBefore = used();
    const begin = performance.now();
    const { latencies, late } = await watchAll(urls, rounds);
    const elapsed = (performance.now() - begin) / 1000;
    const cores = ((used() - cpuBefore) / (latencies.length * SEGMENT_SECONDS)) * viewers;
    const far = await watchFromAfar(viewers, quick ? 2 : 4);
    return {
      bench: 'streams',
      measures: [
        { name: 'viewers_per_core', value: viewers / cores, unit: 'viewers', goal: '>= 100' },
        { name: 'segments_late', value: late, unit: 'of all', goal: '<= 0' },
        { name: 'segment_p99', value: quantile(latencies, 0.99), unit: 's' },
        { name: 'cores_used', value: cores, unit: `of ${availableParallelism()}` },
        { name: 'rate_total', value: (latencies.length * SEGMENT_BYTES) / 1e6 / elapsed, unit: 'MB/s' },
        { name: `segments_late_${FAR_MS}ms`, value: far.late, unit: 'of all', goal: '<= 0' },
        { name: `segment_p99_${FAR_MS}ms`, value: quantile(far.latencies, 0.99), unit: 's' },
      ],
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Every viewer asks for a segment each four seconds; how long each took, and how many came later than they play. */
async function watchAll(urls: readonly string[], rounds: number): Promise<{ latencies: number[]; late: number }> {
  const latencies: number[] = [];
  await Promise.all(
    urls.map(async (url, viewer) => {
      // Spread over the first segment's length, as people do not press play together.
      await sleep((viewer / urls.length) * SEGMENT_SECONDS * 1000);
      for (let k = 0; k < rounds; k++) {
        const start = ((viewer * 7 + k) * SEGMENT_BYTES) % ((FILE_MIB - 8) * MIB);
        const { seconds } = await download(url, { range: `bytes=${start}-${start + SEGMENT_BYTES - 1}` });
        latencies.push(seconds);
        await sleep(Math.max(0, SEGMENT_SECONDS - seconds) * 1000);
      }
    }),
  );
  return { latencies, late: latencies.filter((seconds) => seconds > SEGMENT_SECONDS).length };
}

/** The same with delay between agent and edge, and between edge and viewers. */
async function watchFromAfar(viewers: number, rounds: number): Promise<{ latencies: number[]; late: number }> {
  await using link = await startFarLink(FILE_MIB * MIB, FAR_MS);
  // Awaited here: the link ends with this block.
  return await watchAll(
    Array.from({ length: viewers }, () => link.address()),
    rounds,
  );
}
