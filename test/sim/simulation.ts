import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Link } from '../../agent/link/link.ts';
import type { LinkMetrics } from '../../edge/link/metrics.ts';
import { TestAgent } from '../fakes/agent.ts';
import type { TestEdge } from '../fakes/edge.ts';
import { metricsOf, watch } from '../fakes/viewer.ts';

export interface Simulation {
  agents: number;
  viewers: number;
  /** Requests of each viewer, one after another. */
  requests: number;
  /** Bytes of each agent's film. */
  filmBytes: number;
  /** How often a connection of some agent is lost while the viewers watch. */
  outages: number;
  /** The same seed makes the same viewers. */
  seed: number;
}

export interface SimulationReport {
  /** Bodies that came whole and right; that the viewer left; that broke off; that were refused, by class. */
  whole: number;
  left: number;
  broken: number;
  refused: Record<string, number>;
  /** Bodies that came "whole" with wrong bytes. Must be 0. */
  wrong: number;
  bytes: number;
  seconds: number;
  /** Of each agent, once all viewers have gone. */
  metrics: LinkMetrics[];
}

type Outcome = { kind: 'whole' | 'left' | 'broken' | 'wrong'; bytes: number } | { kind: 'refused'; failure: string };

/** Real agents and plain viewers on an edge, without ffmpeg: what the link does when many use it at once. */
export async function simulate(edge: TestEdge, simulation: Simulation): Promise<SimulationReport> {
  const random = generator(simulation.seed);
  const agents: { agent: TestAgent; link: Link; film: Buffer }[] = [];
  try {
    for (let i = 0; i < simulation.agents; i++) {
      const agent = await TestAgent.enrol(edge, simulation.filmBytes);
      agents.push({ agent, link: await agent.link({ partBytes: 1_000_000 }), film: readFileSync(agent.film.path) });
    }
    const startedAt = performance.now();
    const report: SimulationReport = {
      ...{ whole: 0, left: 0, broken: 0, wrong: 0, bytes: 0, seconds: 0 },
      refused: {},
      metrics: [],
    };
    const people = Array.from({ length: simulation.viewers }, async (_, n) => {
      const mood = generator(simulation.seed + n + 1);
      for (let i = 0; i < simulation.requests; i++) {
        const { agent, film } = agents[Math.floor(mood() * agents.length)] as (typeof agents)[number];
        count(report, await view(edge, agent, film, mood));
      }
    });
    for (let i = 0; i < simulation.outages; i++) {
      await delay(100 + random() * 200);
      const unlucky = agents[Math.floor(random() * agents.length)] as (typeof agents)[number];
      await unlucky.link[Symbol.asyncDispose]();
      unlucky.link = await unlucky.agent.link({ partBytes: 1_000_000 });
    }
    await Promise.all(people);
    report.seconds = (performance.now() - startedAt) / 1000;
    for (const { agent } of agents) report.metrics.push(await settled(edge, agent));
    return report;
  } finally {
    await Promise.all(agents.map(({ agent }) => agent[Symbol.asyncDispose]()));
  }
}

/** One request of one viewer, who may be in a hurry, slow, or gone before the end. */
async function view(edge: TestEdge, agent: TestAgent, film: Buffer, mood: () => number): Promise<Outcome> {
  const start = Math.floor(mood() * film.length);
  const end = Math.min(film.length - 1, start + Math.floor(mood() * 3_000_000));
  const leavesAt = mood() < 0.2 ? mood() * (end - start) : Number.POSITIVE_INFINITY;
  const pauseMs = mood() < 0.2 ? 20 : 0;
  const response = await watch(edge.origin, agent.identity.agentId, { range: { start, end } });
  if (response.status !== 206) {
    await response.arrayBuffer();
    return { kind: 'refused', failure: response.headers.get('hc-failure') ?? String(response.status) };
  }
  return read(response, film.subarray(start, end + 1), leavesAt, pauseMs);
}

async function read(response: Response, expected: Buffer, leavesAt: number, pauseMs: number): Promise<Outcome> {
  let at = 0;
  try {
    for await (const chunk of response.body ?? []) {
      if (!expected.subarray(at, at + chunk.length).equals(chunk)) return { kind: 'wrong', bytes: at };
      at += chunk.length;
      if (at > leavesAt) return { kind: 'left', bytes: at };
      if (pauseMs > 0) await delay(pauseMs);
    }
  } catch {
    return { kind: 'broken', bytes: at };
  }
  return { kind: at === expected.length ? 'whole' : 'wrong', bytes: at };
}

function count(report: SimulationReport, outcome: Outcome): void {
  if (outcome.kind === 'refused') {
    report.refused[outcome.failure] = (report.refused[outcome.failure] ?? 0) + 1;
    return;
  }
  report[outcome.kind]++;
  report.bytes += outcome.bytes;
}

/** The metrics of an agent's link once nothing is under way; as they are after ten seconds at the latest. */
async function settled(edge: TestEdge, agent: TestAgent): Promise<LinkMetrics> {
  for (let tries = 0; ; tries++) {
    const metrics = await metricsOf(edge.origin, agent.identity.agentId);
    if (metrics.streamsOpen === 0 || tries === 100) return metrics;
    await delay(100);
  }
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
