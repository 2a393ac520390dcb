import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TestAgent } from '../fakes/agent.ts';
import { startEdge } from '../fakes/edge.ts';
import { metricsOf, watch } from '../fakes/viewer.ts';
import { edgeProcess } from './edge-process.ts';
import { sampleProcess } from './process-sample.ts';

/**
 * `node test/sim/pause.ts --minutes 10`: a viewer who pauses in the middle of a film and goes on. Ends with 1 unless
 * his relay was ended meanwhile, what he got was never taken for the whole, and a request at the byte where he was
 * brings the rest.
 */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const FILM_BYTES = 256 * 1024 * 1024;
const FIRST_BYTES = 4_000_000;
const SAMPLE_MS = 30_000;

await using edge = await startEdge();
await using agent = await TestAgent.enrol(edge, FILM_BYTES);
const machine = await agent.process();
const film = readFileSync(agent.film.path);
const { agentId } = agent.identity;
const session = `ses_${'0'.repeat(22)}`;
const rows: unknown[] = [];

const first = await read(await watch(edge.origin, agentId, { session }), Number(values.minutes) * 60_000);
const second = await read(await watch(edge.origin, agentId, { session, range: { start: first.at, end: null } }), 0);
const metrics = await metricsOf(edge.origin, agentId);
const right = film.subarray(0, first.at).equals(first.bytes) && film.subarray(first.at).equals(second.bytes);
console.table(rows);
const result = { first: { how: first.how, at: first.at }, second: { how: second.how, at: second.at }, right };
console.log(result, { stalled: metrics.aborts.stalled, streamsOpen: metrics.streamsOpen });
process.exitCode = first.how === 'broken' && second.how === 'whole' && right && metrics.aborts.stalled === 1 ? 0 : 1;

/** Reads a body to its end, with a pause after its first bytes. */
async function read(response: Response, pauseMs: number) {
  const pieces: Uint8Array[] = [];
  let at = 0;
  let paused = pauseMs === 0;
  try {
    for await (const piece of response.body ?? []) {
      pieces.push(piece);
      at += piece.length;
      if (paused || at < FIRST_BYTES) continue;
      paused = true;
      await pause(pauseMs);
    }
  } catch {
    return { how: 'broken', at, bytes: Buffer.concat(pieces) } as const;
  }
  return { how: 'whole', at, bytes: Buffer.concat(pieces) } as const;
}

async function pause(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= SAMPLE_MS) {
    const { streamsOpen, aborts } = await metricsOf(edge.origin, agentId);
    const { films, rssMiB } = sampleProcess(machine.pid as number);
    const edgeMiB = sampleProcess(edgeProcess()).rssMiB;
    rows.push({ s: (ms - left) / 1000, streamsOpen, stalled: aborts.stalled, films, edgeMiB, agentMiB: rssMiB });
    await delay(Math.min(SAMPLE_MS, left));
  }
}
