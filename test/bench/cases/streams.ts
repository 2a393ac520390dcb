import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FILM_TITLE, makeFilm } from '../film.ts';
import { type BenchOptions, type BenchResult, quantile } from '../measures.ts';
import { BenchServer, cpuSeconds } from '../server.ts';
import { download } from '../viewer.ts';

const MIB = 1024 * 1024;
const FILE_MIB = 512;

/** 8 Mbit/s, asked for as players do: four seconds of film at a time. */
const SEGMENT_SECONDS = 4;
const SEGMENT_BYTES = 4_000_000;

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
    const latencies: number[] = [];
    let late = 0;
    await Promise.all(
      Array.from({ length: viewers }, async (_, viewer) => {
        // Spread over the first segment's length, as people do not press play together.
        await sleep((viewer / viewers) * SEGMENT_SECONDS * 1000);
        for (let k = 0; k < rounds; k++) {
          const start = ((viewer * 7 + k) * SEGMENT_BYTES) % ((FILE_MIB - 8) * MIB);
          const { seconds } = await download(urls[viewer] as string, {
            range: `bytes=${start}-${start + SEGMENT_BYTES - 1}`,
          });
          latencies.push(seconds);
          if (seconds > SEGMENT_SECONDS) late++;
          await sleep(Math.max(0, SEGMENT_SECONDS - seconds) * 1000);
        }
      }),
    );
    const elapsed = (performance.now() - begin) / 1000;
    const cores = ((used() - cpuBefore) / (latencies.length * SEGMENT_SECONDS)) * viewers;
    return {
      bench: 'streams',
      measures: [
        { name: 'viewers_per_core', value: viewers / cores, unit: 'viewers', goal: '>= 100' },
        { name: 'segments_late', value: late, unit: 'of all', goal: '<= 0' },
        { name: 'segment_p99', value: quantile(latencies, 0.99), unit: 's' },
        { name: 'cores_used', value: cores, unit: `of ${availableParallelism()}` },
        { name: 'rate_total', value: (latencies.length * SEGMENT_BYTES) / 1e6 / elapsed, unit: 'MB/s' },
      ],
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
