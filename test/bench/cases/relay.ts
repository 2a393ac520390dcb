import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lossyNetwork } from '../../fakes/proxy.ts';
import { startFarLink } from '../far-link.ts';
import { type FileServer, serveByNginx, serveByNode } from '../file-server.ts';
import { FILM_TITLE, makeFilm } from '../film.ts';
import { type BenchOptions, type BenchResult, type Measure, median } from '../measures.ts';
import { BenchServer, cpuSeconds, rssMiB } from '../server.ts';
import { download } from '../viewer.ts';

const MIB = 1024 * 1024;
const FILE_MIB = 512;
const SEGMENT_BYTES = 4 * MIB;
const SLOW_BYTES_PER_SECOND = MIB;
/** What the fastest lines to homes carry: 2.5 Gbit/s. */
const LINE_BYTES_PER_SECOND = 2.5e9 / 8;

/** There and back, on each of the two ways. */
const FAR_MS = 40;

/**
 * Bytes from the agent through the edge to viewers, held against the same file from a bare Node server (what
 * the agent could do alone) and from nginx. Edge, agent, servers and viewers share this machine's cores.
 */
export async function run({ quick }: BenchOptions): Promise<BenchResult> {
  const dir = mkdtempSync(join(tmpdir(), 'hearthcast-bench-'));
  try {
    const file = makeFilm(join(dir, 'Films'), FILE_MIB);
    await using server = await BenchServer.start(join(dir, 'data'), ['--media', join(dir, 'Films')]);
    // Each viewer has a session of their own: requests at once are limited within one.
    const relayed = await Promise.all(Array.from({ length: 32 }, () => server.playDirect(FILM_TITLE)));
    await using direct = await serveByNode(file);
    await using nginx = await serveByNginx(file);
    const rounds = quick ? 3 : 5;
    return {
      bench: 'relay',
      measures: [
        ...(await oneViewer(server, relayed[0] as string, direct, nginx, rounds)),
        ...(await onLine(server, relayed[0] as string, direct, rounds)),
        ...(await manyViewers(server, relayed, direct, 8, quick ? 1 : 3)),
        ...(await manyViewers(server, relayed, direct, 32, quick ? 1 : 3)),
        ...(await slowViewers(server, relayed, 1, quick)),
        ...(await slowViewers(server, relayed, 32, quick)),
        ...(await farAway(file, quick ? 1 : 3)),
      ],
    };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function oneViewer(
  server: BenchServer,
  relayed: string,
  direct: FileServer,
  nginx: FileServer | null,
  rounds: number,
): Promise<Measure[]> {
  const rates: Record<'relay' | 'direct' | 'nginx', number[]> = { relay: [], direct: [], nginx: [] };
  const cpu: Record<'edge' | 'agent' | 'direct', number[]> = { edge: [], agent: [], direct: [] };
  // In turn, so that a machine whose speed drifts treats all alike; the first round only warms.
  for (let round = 0; round <= rounds; round++) {
    const before = { edge: total(server.edgePids()), agent: cpuSeconds(server.agentPid), direct: total(direct.pids) };
    const byRelay = await download(relayed);
    const edge = total(server.edgePids()) - before.edge;
    const agent = cpuSeconds(server.agentPid) - before.agent;
    const byNode = await download(direct.url);
    const byNginx = nginx ? await download(nginx.url) : null;
    if (round === 0) continue;
    const gigabytes = byRelay.bytes / 1e9;
    rates.relay.push(byRelay.bytes / 1e6 / byRelay.seconds);
    rates.direct.push(byNode.bytes / 1e6 / byNode.seconds);
    if (byNginx) rates.nginx.push(byNginx.bytes / 1e6 / byNginx.seconds);
    cpu.edge.push(edge / gigabytes);
    cpu.agent.push(agent / gigabytes);
    cpu.direct.push((total(direct.pids) - before.direct) / gigabytes);
  }
  return [
    { name: 'relay_1', value: median(rates.relay), unit: 'MB/s' },
    { name: 'direct_1', value: median(rates.direct), unit: 'MB/s' },
    ...(nginx ? [{ name: 'nginx_1', value: median(rates.nginx), unit: 'MB/s' }] : []),
    {
      name: 'relay_vs_direct',
      value: median(rates.relay.map((rate, i) => rate / (rates.direct[i] ?? rate))),
      unit: 'ratio',
      goal: '>= 0.9',
    },
    { name: 'edge_cpu', value: median(cpu.edge), unit: 's/GB', goal: '<= 0.6' },
    { name: 'agent_cpu', value: median(cpu.agent), unit: 's/GB' },
    { name: 'direct_cpu', value: median(cpu.direct), unit: 's/GB' },
  ];
}

/** One viewer whose own line is the limit, as it is wherever viewer, edge and agent are not one machine. */
async function onLine(server: BenchServer, relayed: string, direct: FileServer, rounds: number): Promise<Measure[]> {
  const ratios: number[] = [];
  const cpu: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = total(server.edgePids());
    const [relay, bare] = [
      await download(relayed, { bytesPerSecond: LINE_BYTES_PER_SECOND }),
      await download(direct.url, { bytesPerSecond: LINE_BYTES_PER_SECOND }),
    ];
    ratios.push(bare.seconds / relay.seconds);
    cpu.push((total(server.edgePids()) - before) / (relay.bytes / 1e9));
  }
  return [
    { name: 'relay_vs_direct_2.5gbit', value: median(ratios), unit: 'ratio' },
    { name: 'edge_cpu_2.5gbit', value: median(cpu), unit: 's/GB' },
  ];
}

async function manyViewers(
  server: BenchServer,
  relayed: readonly string[],
  direct: FileServer,
  viewers: number,
  rounds: number,
): Promise<Measure[]> {
  const each = 8;
  const rate = async (urlOf: (viewer: number) => string) => {
    const begin = performance.now();
    await Promise.all(
      Array.from({ length: viewers }, async (_, viewer) => {
        for (let i = 0; i < each; i++) {
          const start = (((viewer * each + i) * SEGMENT_BYTES) % ((FILE_MIB - 8) * MIB)) | 0;
          await download(urlOf(viewer), { range: `bytes=${start}-${start + SEGMENT_BYTES - 1}` });
        }
      }),
    );
    return (viewers * each * SEGMENT_BYTES) / 1e6 / ((performance.now() - begin) / 1000);
  };
  const relay: number[] = [];
  const bare: number[] = [];
  const cpu: Record<'edge' | 'agent' | 'direct', number[]> = { edge: [], agent: [], direct: [] };
  const gigabytes = (viewers * each * SEGMENT_BYTES) / 1e9;
  let peak = 0;
  for (let round = 0; round < rounds; round++) {
    const pids = { edge: server.edgePids(), agent: [server.agentPid], direct: direct.pids };
    const before = { edge: total(pids.edge), agent: total(pids.agent), direct: total(pids.direct) };
    relay.push(await rate((viewer) => relayed[viewer] as string));
    peak = Math.max(peak, memory(pids.edge));
    bare.push(await rate(() => direct.url));
    for (const name of ['edge', 'agent', 'direct'] as const) {
      cpu[name].push((total(pids[name]) - before[name]) / gigabytes);
    }
  }
  return [
    { name: `relay_${viewers}`, value: median(relay), unit: 'MB/s' },
    { name: `direct_${viewers}`, value: median(bare), unit: 'MB/s' },
    {
      name: `relay_vs_direct_${viewers}`,
      value: median(relay.map((rate, i) => rate / (bare[i] ?? rate))),
      unit: 'ratio',
    },
    { name: `edge_memory_${viewers}`, value: peak, unit: 'MiB' },
    { name: `edge_cpu_${viewers}`, value: median(cpu.edge), unit: 's/GB' },
    { name: `agent_cpu_${viewers}`, value: median(cpu.agent), unit: 's/GB' },
    { name: `direct_cpu_${viewers}`, value: median(cpu.direct), unit: 's/GB' },
  ];
}

async function slowViewers(
  server: BenchServer,
  relayed: readonly string[],
  viewers: number,
  quick: boolean,
): Promise<Measure[]> {
  const forMs = quick ? 5000 : 15_000;
  const before = memory(server.edgePids());
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, memory(server.edgePids()));
  }, 250);
  await Promise.all(
    relayed.slice(0, viewers).map((url) => download(url, { bytesPerSecond: SLOW_BYTES_PER_SECOND, forMs })),
  );
  clearInterval(timer);
  return [
    {
      name: `edge_memory_growth_${viewers}_slow`,
      value: peak - before,
      unit: 'MiB',
      ...(viewers === 1 ? { goal: '<= 32' } : {}),
    },
  ];
}

/** One viewer with delay on both ways; the bare server has one way, that of the viewer. */
async function farAway(file: string, rounds: number): Promise<Measure[]> {
  await using link = await startFarLink(FILE_MIB * MIB, FAR_MS);
  await using bare = await serveByNode(file);
  await using away = await lossyNetwork(bare.url, { delayMs: FAR_MS / 2 });
  const relay: number[] = [];
  const direct: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [url, rates] of [[link.address(), relay] as const, [`${away.origin}/`, direct] as const]) {
      const { bytes, seconds } = await download(url);
      rates.push(bytes / 1e6 / seconds);
    }
  }
  return [
    { name: `relay_1_${FAR_MS}ms`, value: median(relay), unit: 'MB/s' },
    { name: `direct_1_${FAR_MS}ms`, value: median(direct), unit: 'MB/s' },
  ];
}

const total = (pids: number[]) => pids.map(cpuSeconds).reduce((a, b) => a + b, 0);
const memory = (pids: number[]) => pids.map(rssMiB).reduce((a, b) => a + b, 0);
