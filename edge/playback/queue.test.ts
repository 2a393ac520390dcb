import { describe, expect, it } from 'vitest';
import type { AgentState } from './agent-state.ts';
import { MAX_PLACES, PLACE_LIFE_MS, type Place, standings, takeTurn } from './queue.ts';

const agent = (agentId: string, slotsUsed: number, change: Partial<AgentState> = {}): AgentState => ({
  ...{ agentId, online: true, slotsUsed, slotsTotal: 1, videoEncoders: [], changedAt: 0 },
  ...change,
});

/** A queue as the Fleet keeps it. */
function queue(agents: AgentState[]) {
  let places: Place[] = [];
  return {
    agents,
    ask(key: string, now: number, { agentIds = ['a'], refused = false } = {}) {
      const { turn, places: next } = takeTurn(places, agents, { key, userId: 1, itemId: 2, agentIds, refused }, now);
      places = next;
      return turn.go ? 'go' : turn.place;
    },
    keys: () => places.map(({ key }) => key),
    told: (now: number) => standings(places, agents, now).map(({ who, place, go }) => [who.key, place, go]),
  };
}

describe('the queue for slots', () => {
  it('lets everybody ask while there are slots, and keeps no place for them', () => {
    const { ask, keys } = queue([agent('a', 0)]);
    expect([ask('x', 0), ask('y', 1)]).toEqual(['go', 'go']);
    expect(keys()).toEqual([]);
  });

  it('gives places in the order of coming, moves them, and lets the first go first', () => {
    const { ask, agents } = queue([agent('a', 1)]);
    expect([ask('x', 0), ask('y', 1), ask('z', 2), ask('y', 3)]).toEqual([1, 2, 3, 2]);
    agents[0] = agent('a', 0);
    expect([ask('new', 4), ask('y', 4), ask('x', 4)]).toEqual([4, 2, 'go']);
  });

  it('frees the place of who does not ask any more', () => {
    const { ask } = queue([agent('a', 1)]);
    ask('x', 0);
    ask('y', 1);
    expect(ask('y', PLACE_LIFE_MS)).toBe(1);
  });

  it('is one for each set of agents that have something in common', () => {
    const { ask } = queue([agent('a', 1), agent('b', 1), agent('c', 1)]);
    ask('x', 0, { agentIds: ['a'] });
    expect(ask('y', 1, { agentIds: ['b', 'c'] })).toBe(1);
    expect(ask('z', 2, { agentIds: ['a', 'b'] })).toBe(3);
  });

  it('believes the agents rather than itself', () => {
    const { ask } = queue([agent('a', 0)]);
    expect(ask('x', 0, { refused: true })).toBe(1);
    expect(ask('x', 1)).toBe('go');
  });

  it('lets agents be asked of which it knows nothing, or none of which is there', () => {
    expect(queue([]).ask('x', 0)).toBe('go');
    expect(queue([agent('a', 1)]).ask('x', 0, { agentIds: ['a', 'b'] })).toBe('go');
    expect(queue([agent('a', 1, { online: false })]).ask('x', 0)).toBe('go');
  });

  it('is bounded', () => {
    const { ask, keys } = queue([agent('a', 1)]);
    for (let i = 0; i <= MAX_PLACES; i++) ask(`k${i}`, i);
    expect(keys()).toHaveLength(MAX_PLACES);
    expect(ask('k0', MAX_PLACES + 1)).toBe(1);
  });

  it('tells everybody who waits where they stand, and whose turn it is', () => {
    const agents = [agent('a', 1)];
    const { ask, told } = queue(agents);
    expect([ask('x', 0), ask('y', 1)]).toEqual([1, 2]);
    expect(told(2)).toEqual([
      ['x', 1, false],
      ['y', 2, false],
    ]);
    agents[0] = agent('a', 0);
    expect(told(2)).toEqual([
      ['x', 1, true],
      ['y', 2, false],
    ]);
    expect(told(PLACE_LIFE_MS)).toEqual([['y', 1, true]]);
  });

  it('does not wait for a machine that takes nothing new', () => {
    const { ask } = queue([agent('a', 0, { draining: true }), agent('b', 1)]);
    expect(ask('x', 0, { agentIds: ['a', 'b'] })).toBe(1);
  });
});
