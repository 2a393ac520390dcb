import { parseArgs } from 'node:util';
import { TestAgent } from '../fakes/agent.ts';
import { startEdge } from '../fakes/edge.ts';
import { readAll, watch } from '../fakes/viewer.ts';
import { edgeProcess } from './edge-process.ts';
import { liveHeapMiB } from './heap.ts';
import { sampleProcess } from './process-sample.ts';

/**
 * `node test/sim/ranges.ts --ranges 40000`: ranges of 100 KB without faults, each a PUT of its own, and after each
 * tenth of them what the edge holds: its live heap after a full collection, and its resident memory.
 */
const { values } = parseArgs({
  options: { ranges: { type: 'string', default: '40000' }, viewers: { type: 'string', default: '8' } },
});
const RANGE_BYTES = 100_000;
const STEPS = 10;

await using edge = await startEdge({ inspect: true });
await using agent = await TestAgent.enrol(edge, 64 * 1024 * 1024);
await agent.process();
const each = Math.ceil(Number(values.ranges) / STEPS);
const rows = [await row(0)];
for (let step = 1; step <= STEPS; step++) {
  let left = each;
  const viewer = async () => {
    while (left-- > 0) {
      const start = (left * RANGE_BYTES) % (60 * 1024 * 1024);
      await readAll(
        await watch(edge.origin, agent.identity.agentId, { range: { start, end: start + RANGE_BYTES - 1 } }),
      );
    }
  };
  await Promise.all(Array.from({ length: Number(values.viewers) }, viewer));
  rows.push(await row(step * each));
}
console.table(rows);

async function row(ranges: number) {
  const heapMiB = await liveHeapMiB(edge.inspector as URL);
  const { rssMiB, sockets } = sampleProcess(edgeProcess());
  return { ranges, 'live heap MiB': heapMiB, 'resident MiB': rssMiB, sockets };
}
