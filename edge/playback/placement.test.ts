import { describe, expect, it } from 'vitest';
import type { PlacedBecause } from '../../shared/api/playback.ts';
import { agentId, candidate, DIRECT, REMUX, TRANSCODE } from '../../test/fakes/session-surroundings.ts';
import { type AgentState, afterChange, excessAgents, MAX_AGENTS } from './agent-state.ts';
import { restsUntil, withFailure } from './cool-down.ts';
import { place } from './placement.ts';
import type { Candidate } from './session-record.ts';

const agent = (name: string, change: Partial<AgentState> = {}): AgentState => ({
  agentId: agentId(name),
  online: true,
  slotsUsed: 0,
  slotsTotal: 2,
  videoEncoders: ['libx264'],
  changedAt: 0,
  ...change,
});
const order = (candidates: Candidate[], agents: AgentState[]) =>
  place(candidates, agents).map((placed) => placed.agentName.slice(-1));

describe('placement by network and load', () => {
  const plain = [candidate('a'), candidate('b')];

  it('takes the viewer’s own network first, and only where it is known', () => {
    const agents = [agent('a', { network: '203.0.113.1' }), agent('b', { network: '203.0.113.2' })];
    expect(place(plain, agents, '203.0.113.2').map(({ agentName }) => agentName)).toEqual(['agent b', 'agent a']);
    expect(place(plain, agents, null).map(({ agentName }) => agentName)).toEqual(['agent a', 'agent b']);
    expect(place(plain, [agent('a'), agent('b')], '203.0.113.2').map(({ agentName }) => agentName)).toEqual([
      'agent a',
      'agent b',
    ]);
  });

  it('takes who serves fewest, and keeps the order of equals', () => {
    expect(order(plain, [agent('a', { sessions: 2 }), agent('b', { sessions: 1 })])).toEqual(['b', 'a']);
    expect(order(plain, [agent('a', { sessions: 1 }), agent('b', { sessions: 1 })])).toEqual(['a', 'b']);
  });

  it.each<[PlacedBecause, Candidate[], AgentState[]]>([
    ['only-one', [candidate('a')], []],
    ['online', plain, [agent('a'), agent('b', { online: false })]],
    ['mode', [candidate('a', { plan: DIRECT }), candidate('b')], [agent('a'), agent('b')]],
    ['picture', [candidate('a', { pixels: 2 }), candidate('b')], [agent('a'), agent('b')]],
    ['online', plain, [agent('a'), agent('b', { draining: true })]],
    [
      'uplink',
      [candidate('a', { remote: true, bitrate: 8 }), candidate('b', { remote: true, bitrate: 8 })],
      [agent('a', { uplink: 16, sending: 8 }), agent('b', { uplink: 16, sending: 9 })],
    ],
    ['load', plain, [agent('a'), agent('b', { sessions: 1 })]],
    ['first', plain, [agent('a'), agent('b')]],
  ])('says "%s" where that decided', (because, candidates, agents) => {
    expect(place(candidates, agents)[0]).toMatchObject({ agentName: 'agent a', because });
  });
});

describe('placement by what lines carry', () => {
  const away = [candidate('a', { remote: true, bitrate: 8 }), candidate('b', { remote: true, bitrate: 8 })];

  it('passes over a line that is busy, and believes in one that was never seen at work', () => {
    expect(order(away, [agent('a', { uplink: 10, sending: 5 }), agent('b')])).toEqual(['b', 'a']);
    expect(order(away, [agent('a', { uplink: 10 }), agent('b')])).toEqual(['a', 'b']);
  });

  it('asks nothing of the line for who is at home', () => {
    const home = [candidate('a', { bitrate: 8 }), candidate('b', { bitrate: 8 })];
    expect(order(home, [agent('a', { uplink: 1 }), agent('b')])).toEqual(['a', 'b']);
  });
});

describe('placement', () => {
  it.each<[string, Candidate[], AgentState[], string[]]>([
    [
      'takes who is online first',
      [candidate('a'), candidate('b')],
      [agent('a', { online: false }), agent('b')],
      ['b', 'a'],
    ],
    [
      'takes who is not known before who is offline',
      [candidate('a'), candidate('b')],
      [agent('a', { online: false })],
      ['b', 'a'],
    ],
    [
      'takes direct play before remux before transcode',
      [candidate('a', { plan: TRANSCODE }), candidate('b', { plan: REMUX }), candidate('c', { plan: DIRECT })],
      [agent('a'), agent('b'), agent('c')],
      ['c', 'b', 'a'],
    ],
    [
      'takes a free slot first',
      [candidate('a', { plan: TRANSCODE }), candidate('b', { plan: TRANSCODE })],
      [agent('a', { slotsUsed: 2 }), agent('b')],
      ['b', 'a'],
    ],
    [
      'asks no slot for a remux',
      [candidate('a'), candidate('b')],
      [agent('a', { slotsUsed: 2 }), agent('b')],
      ['a', 'b'],
    ],
    [
      'asks no slot for direct play',
      [candidate('a', { plan: DIRECT }), candidate('b', { plan: DIRECT })],
      [agent('a', { slotsUsed: 2 }), agent('b')],
      ['a', 'b'],
    ],
    [
      'takes a hardware encoder for a transcode',
      [candidate('a', { plan: TRANSCODE }), candidate('b', { plan: TRANSCODE })],
      [agent('a'), agent('b', { videoEncoders: ['h264_nvenc', 'libx264'] })],
      ['b', 'a'],
    ],
    [
      'takes a free processor before a busy chip',
      [candidate('a', { plan: TRANSCODE }), candidate('b', { plan: TRANSCODE })],
      [agent('a'), agent('b', { videoEncoders: ['h264_nvenc'], slotsUsed: 2 })],
      ['a', 'b'],
    ],
    [
      'does not care for encoders in a remux',
      [candidate('a'), candidate('b')],
      [agent('a'), agent('b', { videoEncoders: ['h264_nvenc'] })],
      ['a', 'b'],
    ],
    ['takes the larger picture', [candidate('a'), candidate('b', { pixels: 9 })], [agent('a'), agent('b')], ['b', 'a']],
    ['leaves equals as they came', [candidate('b'), candidate('a')], [agent('a'), agent('b')], ['b', 'a']],
    ['of nothing is nothing', [], [agent('a')], []],
  ])('%s', (_name, candidates, agents, expected) => {
    expect(order(candidates, agents)).toEqual(expected);
  });
});

describe('a cool-down', () => {
  const A = agentId('a');
  it('costs nothing the first time, then doubles up to half a minute, and is forgotten after a minute', () => {
    let failures = withFailure([], A, 0);
    expect(restsUntil(failures, A, 0)).toBe(0);
    const rests: number[] = [];
    for (let i = 1; i < 8; i++) {
      failures = withFailure(failures, A, i);
      rests.push(restsUntil(failures, A, i) - i);
    }
    expect(rests).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(restsUntil(failures, A, 70_000)).toBe(0);
  });

  it('is one agent’s own, and remembers no more than it must', () => {
    let failures = withFailure([], A, 0);
    for (let i = 0; i < 100; i++) failures = withFailure(failures, A, i);
    expect(restsUntil(failures, agentId('b'), 99)).toBe(0);
    expect(failures).toHaveLength(32);
  });
});

describe('what the Fleet knows of an agent', () => {
  it('changes only with news', () => {
    const { changedAt: _, ...same } = agent('a');
    expect(afterChange(agent('a'), same, 5)).toBeNull();
    expect(afterChange(agent('a'), { ...same, slotsUsed: 1 }, 5)).toMatchObject({ slotsUsed: 1, changedAt: 5 });
    expect(afterChange(agent('a'), { ...same, online: false }, 5)).toMatchObject({ online: false });
    expect(afterChange(agent('a'), { ...same, videoEncoders: [] }, 5)).toMatchObject({ videoEncoders: [] });
    expect(afterChange(undefined, same, 5)).toEqual({ ...same, changedAt: 5 });
    const painter = { ...same, paintsText: true };
    expect(afterChange(agent('a'), painter, 5)).toMatchObject({ paintsText: true });
    expect(afterChange(agent('a', painter), painter, 5)).toBeNull();
    expect(afterChange(agent('a', painter), same, 5)).not.toHaveProperty('paintsText');
  });

  it('keeps what it could do while it is offline', () => {
    const gone = { agentId: agentId('a'), online: false, slotsUsed: 0, slotsTotal: 0, videoEncoders: [] };
    const state = afterChange(agent('a', { slotsUsed: 1 }), gone, 5);
    expect(state).toEqual(agent('a', { online: false, changedAt: 5 }));
    expect(afterChange(state ?? undefined, gone, 6)).toBeNull();
    expect(afterChange(agent('a', { paintsText: true }), gone, 5)).toMatchObject({ paintsText: true });
  });

  it('is bounded: those offline longest are forgotten first', () => {
    const states = Array.from({ length: MAX_AGENTS }, (_, at) => ({ ...agent('a'), agentId: `x${at}`, changedAt: at }));
    expect(excessAgents(states)).toEqual([]);
    const old = agent('o', { online: false, changedAt: 9_999 });
    expect(excessAgents([old, ...states])).toEqual([old]);
  });
});
