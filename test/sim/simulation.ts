import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Link } from '../../agent/link/link.ts';
import type { LinkMetrics } from '../../edge/link/metrics.ts';
import { TestAgent } from '../fakes/agent.ts';
import type { TestEdge } from '../fakes/edge.ts';
import { metricsOf } from '../fakes/viewer.ts';
import { generator, type Outcome, view } from './viewing.ts';

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
        count(report, await view(edge, agent.identity.agentId, film, mood));
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
