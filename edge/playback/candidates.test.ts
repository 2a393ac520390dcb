import { describe, expect, it } from 'vitest';
import { CHROMIUM, DEMO, mediaInfo } from '../../test/fakes/media-samples.ts';
import { agentId } from '../../test/fakes/session-surroundings.ts';
import type { AgentState } from './agent-state.ts';
import { candidatesFor, type PlayableCopy } from './candidates.ts';
import { Owners } from './owners.ts';
import { excessSessions, isNews, liveSessions, MAX_LISTED_SESSIONS } from './session-list.ts';
import type { SessionSummary } from './session-record.ts';

const copy = (name: string, change: Partial<PlayableCopy> = {}): PlayableCopy => ({
  id: name.charCodeAt(0),
  agentId: agentId(name),
  agentName: `agent ${name}`,
  root: 'films',
  pathHash: '0'.repeat(32),
  fingerprint: 'f'.repeat(32),
  media: mediaInfo(),
  ...change,
});
const agent = (name: string, change: Partial<AgentState> = {}): AgentState => ({
  agentId: agentId(name),
  online: true,
  slotsUsed: 0,
  slotsTotal: 2,
  videoEncoders: ['libx264'],
  changedAt: 0,
  ...change,
});
const request = { profile: CHROMIUM };

describe('the candidates of an item', () => {
  it('have each a plan of their own machine, the cheapest first', () => {
    const copies = [copy('a', { media: DEMO.hevc10 }), copy('b', { media: DEMO.twoLanguages }), copy('c')];
    const { candidates, obstacles } = candidatesFor(copies, request, [agent('a'), agent('b'), agent('c')]);
    expect(candidates.map(({ agentName, plan }) => [agentName, plan.mode])).toEqual([
      ['agent c', 'direct'],
      ['agent b', 'remux'],
      ['agent a', 'transcode'],
    ]);
    expect(obstacles).toEqual([]);
  });

  it('know what to do instead of a remux where keyframes are unknown', () => {
    const { candidates } = candidatesFor([copy('b', { media: DEMO.twoLanguages }), copy('c')], request, []);
    expect(candidates.map((one) => one.fallback?.mode ?? null)).toEqual([null, 'transcode']);
  });

  it('leave out a machine that cannot, and say what to do', () => {
    const idle = agent('a', { slotsTotal: 0 });
    expect(candidatesFor([copy('a', { media: DEMO.hevc10 })], request, [idle])).toMatchObject({
      candidates: [],
      obstacles: [expect.stringContaining('agent a has no slot')],
    });
    const bare = agent('a', { videoEncoders: [], slotsTotal: 0 });
    expect(candidatesFor([copy('a')], request, [bare]).candidates).toHaveLength(1);
    expect(candidatesFor([copy('a', { media: DEMO.hevc10 })], request, [bare]).obstacles[0]).toContain('libx264');
  });
});

it('an agent that never told what it can do is expected to do the usual', () => {
  const silent = agent('a', { online: false, videoEncoders: [], slotsTotal: 0 });
  for (const agents of [[], [silent]]) {
    const { candidates } = candidatesFor([copy('a', { media: DEMO.hevc10 })], request, agents);
    expect(candidates.map(({ plan }) => plan.mode)).toEqual(['transcode']);
  }
});

describe('what an isolate knows of owners', () => {
  const ticket = { session: 's', agent: 'a', generation: 1 };
  it('is the ticket’s until it learns of a later one, and never goes back', () => {
    const owners = new Owners();
    expect(owners.of(ticket)).toEqual({ agentId: 'a', generation: 1 });
    owners.note('s', { agentId: 'b', generation: 3 });
    owners.note('s', { agentId: 'x', generation: 2 });
    expect(owners.of(ticket)).toEqual({ agentId: 'b', generation: 3 });
    expect(owners.of({ ...ticket, generation: 4 })).toEqual({ agentId: 'a', generation: 4 });
  });

  it('is bounded', () => {
    const owners = new Owners();
    for (let i = 0; i < 5_001; i++) owners.note(`s${i}`, { agentId: 'b', generation: 2 });
    expect(owners.of({ ...ticket, session: 's0' }).agentId).toBe('a');
    expect(owners.of({ ...ticket, session: 's5000' }).agentId).toBe('b');
  });
});

describe('the list of sessions', () => {
  const summary = (id: string, change: Partial<SessionSummary> = {}): SessionSummary => ({
    id,
    authSessionId: 'auth',
    userName: 'ada',
    itemId: 1,
    title: 'A film',
    agentId: agentId('a'),
    agentName: 'agent a',
    generation: 1,
    mode: 'direct',
    reasons: [],
    bitrate: null,
    because: 'first',
    moves: 0,
    state: 'playing',
    positionMs: 0,
    startedAt: 1,
    expiresAt: 100,
    seq: 5,
    ended: false,
    ...change,
  });

  it('takes no older news', () => {
    expect(isNews(undefined, summary('a'))).toBe(true);
    expect(isNews(summary('a'), summary('a', { seq: 6 }))).toBe(true);
    expect(isNews(summary('a'), summary('a'))).toBe(false);
    expect(isNews(summary('a'), summary('a', { seq: 4 }))).toBe(false);
  });

  it('shows the newest first, forgets the expired, and is bounded', () => {
    const all = [summary('old', { expiresAt: 9 }), summary('a'), summary('b', { startedAt: 2 })];
    expect(liveSessions(all, 10).map(({ id }) => id)).toEqual(['b', 'a']);
    expect(excessSessions(all, 10).map(({ id }) => id)).toEqual(['old']);
    const many = Array.from({ length: MAX_LISTED_SESSIONS + 1 }, (_, at) => summary(`s${at}`, { startedAt: at }));
    expect(excessSessions(many, 10).map(({ id }) => id)).toEqual(['s0']);
  });
});
