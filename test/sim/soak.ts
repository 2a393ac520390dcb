import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { TestAgent } from '../fakes/agent.ts';
import { startEdge } from '../fakes/edge.ts';
import { lossyNetwork } from '../fakes/proxy.ts';
import { metricsOf } from '../fakes/viewer.ts';
import { edgeProcess } from './edge-process.ts';
import { chooseFault, type Fault, type Machine, startProcess, strike } from './faults.ts';
import { liveHeapMiB } from './heap.ts';
import { type ProcessSample, sampleProcess } from './process-sample.ts';
import { generator, view } from './viewing.ts';

/**
 * `node test/sim/soak.ts --minutes 10 --viewers 50`: a real edge, agents in processes of their own behind a network
 * that fails, and viewers who pause and leave. Ends with 1 where wrong bytes came or something stayed behind.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    agents: { type: 'string', default: '3' },
    viewers: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
  },
});
const FILM_BYTES = 32 * 1024 * 1024;
const LONGEST_BODY = 8_000_000;
const SAMPLE_MS = 30_000;
const BETWEEN_FAULTS_MS = 4_000;
/** Black holes end with the network's own patience; a body that nobody gives up after so long is stuck. */
const STUCK_MS = 120_000;
/** The edge's own idle connections go after five seconds, what fell into a black hole after thirty. */
const SETTLE_MS = 45_000;

await using edge = await startEdge({ inspect: true });
const workerd = edgeProcess();
const machines: Machine[] = [];
await using stack = new AsyncDisposableStack();
for (let i = 0; i < Number(values.agents); i++) {
  const agent = stack.use(await TestAgent.enrol(edge, FILM_BYTES));
  const network = stack.use(await lossyNetwork(edge.origin, { forgetMs: 30_000 }));
  machines.push({ agent, network, process: await startProcess(agent, network), mortal: i > 0 });
}
const [survivor] = machines as [Machine];
const film = readFileSync(survivor.agent.film.path);

const until = Date.now() + Number(values.minutes) * 60_000;
const outcomes: Record<string, number> = {};
const faults: Record<Fault, number> = { killed: 0, stopped: 0, 'black-holed': 0 };
let bytes = 0;
let stuck = 0;
const samples: { s: number; edge: ProcessSample; heapMiB: number; agent: ProcessSample; streams: number }[] = [];

async function sample(): Promise<(typeof samples)[number]> {
  const metrics = await Promise.all(machines.map(({ agent }) => metricsOf(edge.origin, agent.identity.agentId)));
  const taken = {
    s: Math.round(performance.now() / 1000),
    edge: sampleProcess(workerd),
    heapMiB: await liveHeapMiB(edge.inspector as URL),
    agent: sampleProcess(survivor.process.pid as number),
    streams: metrics.reduce((sum, { streamsOpen }) => sum + streamsOpen, 0),
  };
  samples.push(taken);
  return taken;
}

async function viewer(n: number): Promise<void> {
  const mood = generator(Number(values.seed) + n + 1);
  while (Date.now() < until) {
    const { agent } = machines[Math.floor(mood() * machines.length)] as Machine;
    const pauseMs = mood() < 0.1 ? 2_000 + mood() * 8_000 : 0;
    const startedAt = Date.now();
    const outcome = await view(edge, agent.identity.agentId, film, mood, { longest: LONGEST_BODY, pauseMs }).catch(
      () => ({ kind: 'broken', bytes: 0 }) as const,
    );
    if (Date.now() - startedAt > STUCK_MS) stuck++;
    const name = outcome.kind === 'refused' ? `refused: ${outcome.failure}` : outcome.kind;
    outcomes[name] = (outcomes[name] ?? 0) + 1;
    bytes += outcome.kind === 'refused' ? 0 : outcome.bytes;
    await delay(1_000 + mood() * 2_000);
  }
}

async function fate(): Promise<void> {
  const random = generator(Number(values.seed));
  while (Date.now() < until) {
    await delay(BETWEEN_FAULTS_MS / 2 + random() * BETWEEN_FAULTS_MS);
    const machine = machines[Math.floor(random() * machines.length)] as Machine;
    const fault = chooseFault(machine, random());
    faults[fault]++;
    await strike(machine, fault);
  }
}

const idle = await sample();
const timer = setInterval(() => void sample(), SAMPLE_MS);
await Promise.all([fate(), ...Array.from({ length: Number(values.viewers) }, (_, n) => viewer(n))]);
clearInterval(timer);
await delay(SETTLE_MS);
const settled = await sample();

console.table(
  samples.map(({ s, streams, heapMiB, edge, agent }) => ({
    s,
    streams,
    'edge heap MiB': heapMiB,
    ...flat('edge', edge),
    ...flat('agent', agent),
  })),
);
console.log({ outcomes, faults, stuck, gigabytes: Number((bytes / 1e9).toFixed(1)) });
// Connections that wait for their next use, and what three links reconnected a moment ago still hold.
const SPARE = 12;
const left = {
  streams: settled.streams,
  edgeSockets: settled.edge.sockets - idle.edge.sockets,
  agentSockets: settled.agent.sockets - idle.agent.sockets,
  agentFilms: settled.agent.films,
};
console.log({ left });
const clean = left.streams === 0 && left.agentFilms === 0 && left.edgeSockets <= SPARE && left.agentSockets <= SPARE;
process.exitCode = clean && stuck === 0 && !outcomes.wrong ? 0 : 1;

function flat(name: string, { rssMiB, descriptors, sockets, films }: ProcessSample): Record<string, number> {
  return {
    [`${name} MiB`]: rssMiB,
    [`${name} fds`]: descriptors,
    [`${name} sockets`]: sockets,
    ...(name === 'agent' ? { films } : {}),
  };
}
