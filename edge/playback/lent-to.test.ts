import { expect, it } from 'vitest';
import { lentTo } from './lent-to.ts';

const reads = (agentName: string, from: string, state: 'playing' | 'resting' = 'playing') => ({
  agentName,
  source: { agentId: from, agentName: from },
  state,
});

it('names who reads from whom, and for how many sessions; what rests reads nothing', () => {
  const sessions = [reads('desk', 'nas'), reads('attic', 'nas'), reads('desk', 'nas'), reads('desk', 'old', 'resting')];
  expect([...lentTo([...sessions, { agentName: 'desk', state: 'playing' }])]).toEqual([
    [
      'nas',
      [
        { agentName: 'desk', sessions: 2 },
        { agentName: 'attic', sessions: 1 },
      ],
    ],
  ]);
});
