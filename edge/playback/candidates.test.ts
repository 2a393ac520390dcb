import { describe, expect, it } from 'vitest';
import { audioStream, CHROMIUM, DEMO, mediaInfo, subtitleStream } from '../../test/fakes/media-samples.ts';
import { agentId } from '../../test/fakes/session-surroundings.ts';
import type { AgentState } from './agent-state.ts';
import { candidatesFor, type PlayableCopy } from './candidates.ts';
import { Owners } from './owners.ts';
import { excessSessions, forgottenBy, isNews, liveSessions, MAX_LISTED_SESSIONS } from './session-list.ts';
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
    const { candidates, obstacles } = candidatesFor(copies, request, { agents: [agent('a'), agent('b'), agent('c')] });
    expect(candidates.map(({ agentName, plan }) => [agentName, plan.mode])).toEqual([
      ['agent c', 'direct'],
      ['agent b', 'remux'],
      ['agent a', 'transcode'],
    ]);
    expect(obstacles).toEqual([]);
  });

  it('know what to do instead of a remux where keyframes are unknown', () => {
    const { candidates } = candidatesFor([copy('b', { media: DEMO.twoLanguages }), copy('c')], request, { agents: [] });
    expect(candidates.map((one) => one.fallback?.mode ?? null)).toEqual([null, 'transcode']);
  });

  it('of a machine without a slot do not have the forced subtitles painted that nobody asked for', () => {
    const pgs = { codec: 'hdmv_pgs_subtitle', form: 'image' as const, language: 'eng', forced: true };
    const media = mediaInfo({ audio: [audioStream({ language: 'eng' })], subtitles: [subtitleStream(pgs)] });
    const modes = (slotsTotal: number) =>
      candidatesFor([copy('a', { media })], request, { agents: [agent('a', { slotsTotal })] }).candidates.map(
        ({ plan }) => plan.mode,
      );
    expect([modes(1), modes(0)]).toEqual([['transcode'], ['direct']]);
  });

  it('[HS9] have text painted by machines alone that said that they can', () => {
    const media = mediaInfo({ subtitles: [subtitleStream({ index: 3 })] });
    const copies = ['a', 'b', 'c'].map((name) => copy(name, { media }));
    const wishes = { profile: { ...CHROMIUM, subtitles: [] }, subtitleStream: 3 };
    // The first is of an older release, and of the last nothing was heard yet.
    const agents = [agent('a'), agent('b', { paintsText: true })];
    const { candidates, obstacles } = candidatesFor(copies, wishes, { agents });
    expect(candidates.map(({ agentName, plan }) => [agentName, plan.video[0]?.burnIn])).toEqual([['agent b', 3]]);
    expect(obstacles).toMatchObject([{ code: 'not-playable', detail: expect.stringContaining('cannot paint text') }]);
    const unchosen = candidatesFor(copies, { ...wishes, subtitleStream: undefined }, { agents }).candidates;
    expect(unchosen.map(({ plan }) => plan.mode)).toEqual(['direct', 'direct', 'direct']);
  });

  it('leave out a machine that cannot, and say what to do', () => {
    const idle = agent('a', { slotsTotal: 0 });
    expect(candidatesFor([copy('a', { media: DEMO.hevc10 })], request, { agents: [idle] })).toMatchObject({
      candidates: [],
      obstacles: [{ code: 'not-playable', detail: expect.stringContaining('agent a has no slot') }],
    });
    const bare = agent('a', { videoEncoders: [], slotsTotal: 0 });
    expect(candidatesFor([copy('a')], request, { agents: [bare] }).candidates).toHaveLength(1);
    const [obstacle] = candidatesFor([copy('a', { media: DEMO.hevc10 })], request, { agents: [bare] }).obstacles;
    expect(obstacle?.detail).toContain('libx264');
  });
});

describe('a viewer away from home', () => {
  const far = { agents: [agent('a', { network: '203.0.113.1' })], network: '198.51.100.7' };
  const site = { siteId: 3, siteName: 'Cabin' };
  const big = copy('a', { ...site, media: mediaInfo({ bitrate: 20_000_000 }) });

  it('gets no more than is allowed from there, and a neighbour gets the file', () => {
    const [away] = candidatesFor([big], request, { ...far, remoteLimit: 4_000_000 }).candidates;
    expect(away).toMatchObject({ remote: true, plan: { mode: 'transcode', reasons: [{ code: 'bitrate-limit' }] } });
    expect(away?.bitrate).toBeLessThanOrEqual(4_000_000);
    const [near] = candidatesFor([big], request, { ...far, network: '203.0.113.1', remoteLimit: 4_000_000 }).candidates;
    expect(near).toMatchObject({ remote: false, bitrate: 20_000_000, plan: { mode: 'direct' } });
    const [unknown] = candidatesFor([big], request, { ...far, network: null, remoteLimit: 4_000_000 }).candidates;
    expect(unknown).toMatchObject({ remote: false, plan: { mode: 'direct' } });
  });

  it('gets what the line of the site has left, or waits where that carries no film', () => {
    const [small] = candidatesFor([big], request, {
      ...far,
      rooms: new Map([[3, { left: 3_000_000, firm: true }]]),
    }).candidates;
    expect(small?.bitrate).toBeLessThanOrEqual(3_000_000);
    expect(candidatesFor([big], request, { ...far, rooms: new Map([[3, { left: 100_000, firm: true }]]) })).toEqual({
      candidates: [],
      obstacles: [{ code: 'capacity-full', detail: 'The line of Cabin is busy with other viewers.' }],
    });
    expect(
      candidatesFor([big], request, { ...far, rooms: new Map([[4, { left: 0, firm: true }]]) }).candidates,
    ).toHaveLength(1);
  });

  it('is not turned away by a measurement while nobody else watches, however small it is', () => {
    const rooms = new Map([[3, { left: 50_000, firm: false }]]);
    const [small] = candidatesFor([big], request, { ...far, rooms }).candidates;
    expect(small?.plan).toMatchObject({ mode: 'transcode', reasons: [{ code: 'bitrate-limit' }] });
  });
});

it('an agent that never told what it can do is expected to do the usual', () => {
  const silent = agent('a', { online: false, videoEncoders: [], slotsTotal: 0 });
  for (const agents of [[], [silent]]) {
    const { candidates } = candidatesFor([copy('a', { media: DEMO.hevc10 })], request, { agents });
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

  it('tells what an agent has forgotten, and not what it was given since', () => {
    const all = [
      summary('kept', { stateSince: 1 }),
      summary('lost', { stateSince: 2 }),
      summary('new', { stateSince: 9_900 }),
      summary('resting', { stateSince: 3, state: 'resting' }),
      summary('elsewhere', { stateSince: 4, agentId: agentId('b') }),
    ];
    expect(forgottenBy(agentId('a'), ['kept'], 10_000, all).map(({ id }) => id)).toEqual(['lost']);
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
