import { parseArgs } from 'node:util';
import { startEdge } from '../fakes/edge.ts';
import { simulate } from './simulation.ts';

/** `node test/sim/main.ts --agents 4 --viewers 50 --requests 20 --outages 10`: what the link does under many. */
const { values } = parseArgs({
  options: {
    agents: { type: 'string', default: '3' },
    viewers: { type: 'string', default: '30' },
    requests: { type: 'string', default: '20' },
    outages: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
  },
});
await using edge = await startEdge();
const { metrics, ...report } = await simulate(edge, {
  agents: Number(values.agents),
  viewers: Number(values.viewers),
  requests: Number(values.requests),
  outages: Number(values.outages),
  seed: Number(values.seed),
  filmBytes: 16 * 1024 * 1024,
});
console.log({ ...report, megabytesPerSecond: Math.round(report.bytes / 1e6 / report.seconds) });
console.table(metrics.map(({ aborts, firstByte, ...counts }) => ({ ...counts, firstByteSumS: firstByte.sumS })));
