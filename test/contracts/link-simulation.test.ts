import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEdge, type TestEdge } from '../fakes/edge.ts';
import { simulate } from '../sim/simulation.ts';

let edge: TestEdge;

beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge[Symbol.asyncDispose]());

const MANY = { agents: 3, viewers: 24, requests: 8, filmBytes: 8 * 1024 * 1024, outages: 0, seed: 7 };

it('many viewers of several agents all get what they asked for, and nothing stays behind', async () => {
  const report = await simulate(edge, MANY);
  expect(report).toMatchObject({ wrong: 0, broken: 0, refused: {} });
  expect(report.whole + report.left).toBe(MANY.viewers * MANY.requests);
  expect(report.whole).toBeGreaterThan(MANY.viewers);
  expect(report.metrics.map(({ streamsOpen, callsOpen }) => [streamsOpen, callsOpen])).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});

it('agents that come and go break bodies off and refuse, and never give wrong bytes', async () => {
  const report = await simulate(edge, { ...MANY, outages: 8 });
  expect(report.wrong).toBe(0);
  const refused = Object.values(report.refused).reduce((sum, n) => sum + n, 0);
  expect(report.whole + report.left + report.broken + refused).toBe(MANY.viewers * MANY.requests);
  expect(Object.keys(report.refused).filter((failure) => failure !== 'liveness')).toEqual([]);
  expect(report.metrics.map(({ streamsOpen }) => streamsOpen)).toEqual([0, 0, 0]);
});
