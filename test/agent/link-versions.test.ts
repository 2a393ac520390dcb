import { afterEach, beforeEach, expect, it } from 'vitest';
import { AGENT_V1, EDGE_V1 } from '../../shared/protocol/golden-v1.ts';
import { TestAgent } from '../fakes/agent.ts';
import { FakeEdge } from '../fakes/fake-edge.ts';
import { readAll, watch } from '../fakes/viewer.ts';

/** An edge of version 1 and this agent: it is asked with messages as they were recorded, and read as that edge reads. */
let edge: FakeEdge;
let agent: TestAgent;

beforeEach(async () => {
  edge = await FakeEdge.start();
  agent = await TestAgent.enrol(edge, 200_000);
});
afterEach(async () => {
  await agent[Symbol.asyncDispose]();
  await edge[Symbol.asyncDispose]();
});

/** Each member that a message had when it was recorded is there, and of its kind; what came later may stand beside it. */
function readsAs(recorded: unknown, said: unknown, path = ''): void {
  if (recorded === null || said === null) return;
  expect(typeof said, path).toBe(typeof recorded);
  if (typeof recorded !== 'object') return;
  expect(Array.isArray(said), path).toBe(Array.isArray(recorded));
  if (Array.isArray(recorded)) {
    const [first] = recorded;
    if (typeof first === 'object') for (const one of said as unknown[]) readsAs(first, one, `${path}[]`);
    return;
  }
  for (const [key, value] of Object.entries(recorded)) {
    expect(said, path).toHaveProperty(key);
    readsAs(value, (said as Record<string, unknown>)[key], `${path}.${key}`);
  }
}

interface Message {
  type: string;
  event?: { kind: string };
}

const recordedLike = (said: Message) =>
  AGENT_V1.map((text) => JSON.parse(text) as Message).find(
    ({ type, event }) => type === said.type && event?.kind === said.event?.kind,
  );

it('[HS2] an edge of version 1 understands all that this agent says, by the messages of that time', async () => {
  const roots = [{ id: 'films-1', name: 'films', library: 'Films', state: 'ok' as const, watch: 'ok' as const }];
  const { state } = agent.handlers;
  agent.handlers.state = () => ({ ...state(), roots, sessions: [{ id: `ses_${'A'.repeat(22)}`, generation: 1 }] });
  const link = await agent.link();
  expect((await readAll(await watch(edge.origin, agent.identity.agentId))).sha256).toBe(agent.film.sha256);
  link.send({ kind: 'capacity', slotsUsed: 1, slotsTotal: 2 });
  link.send({ kind: 'roots', roots });
  link.send({ kind: 'session.ended', session: `ses_${'A'.repeat(22)}`, generation: 1, reason: 'lease' });
  for (const text of EDGE_V1) edge.sendRaw(agent.identity.agentId, text.replaceAll('c3RyZWFt', `s${text.length}`));
  await expect.poll(() => new Set(edge.said.map(({ type }) => type)).size).toBe(6);
  await expect.poll(() => edge.heard('event').length).toBe(3);
  for (const said of edge.said) {
    const recorded = recordedLike(said);
    expect(recorded, `a message of a type that it does not know: ${JSON.stringify(said)}`).toBeDefined();
    readsAs(recorded, said, said.type);
  }
  expect(link.connected).toBe(true);
});

it('[BG5] an edge of version 1 is not asked for leave; one that gives it is, and takes it back by a call', async () => {
  const work = { kind: 'previews', fingerprint: 'a'.repeat(32) };
  const link = await agent.link();
  expect(await link.askLeave(work)).toBe('own-rule');
  link.giveBack(work);
  edge.knowsBackground = true;
  edge.leave = { may: true, forMs: 5_000 };
  link.reconnect();
  await expect.poll(() => link.askLeave(work)).toEqual({ may: true, forMs: 5_000 });
  link.giveBack(work);
  await expect.poll(() => edge.heard('background').at(-1)).toMatchObject({ work, done: true });
  edge.leave = null;
  const cut = link.askLeave(work);
  edge.close(agent.identity.agentId, 'broken');
  expect(await cut).toBe('own-rule');
});
