import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchOptions, type BenchResult, median } from '../measures.ts';
import { seedCatalog } from '../seed-catalog.ts';
import { BenchServer, rssMiB } from '../server.ts';

const ITEMS = 10_000;

/** How long after the first answer memory is read: the agent's first walk is through by then. */
const SETTLE_MS = 4000;

/** Cold start of the whole (edge and agent) to its first authenticated answer, on a database of 10,000 items. */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'hearthcast-bench-'));
  try {
    await (await BenchServer.start(dataDir, ['--no-demo']))[Symbol.asyncDispose]();
    seedCatalog(dataDir, ITEMS);
    const seconds: number[] = [];
    const edge: number[] = [];
    const agent: number[] = [];
    for (let i = 0; i < (quick ? 3 : 5); i++) {
      const begin = performance.now();
      await using server = await BenchServer.start(dataDir, ['--no-demo']);
      await server.get('/api/v1/home');
      seconds.push((performance.now() - begin) / 1000);
      await sleep(SETTLE_MS);
      edge.push(
        server
          .edgePids()
          .map(rssMiB)
          .reduce((a, b) => a + b, 0),
      );
      agent.push(rssMiB(server.agentPid));
    }
    return {
      bench: 'startup',
      measures: [
        { name: 'first_answer', value: median(seconds), unit: 's', goal: '< 2' },
        { name: 'memory_idle', value: median(edge.map((mib, i) => mib + (agent[i] ?? 0))), unit: 'MiB', goal: '< 512' },
        { name: 'memory_edge', value: median(edge), unit: 'MiB' },
        { name: 'memory_agent', value: median(agent), unit: 'MiB' },
      ],
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}
