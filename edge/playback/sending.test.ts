import { expect, it } from 'vitest';
import { sendingOf } from './sending.ts';
import { liveReservations, streamsOf } from './streams.ts';

const session = { state: 'playing' as const, remote: true, bitrate: 5, agentId: 'a', siteId: 1 };

it('what leaves a network is what plays elsewhere, by agent and by site', () => {
  const { byAgent, bySite } = sendingOf([
    session,
    { ...session, agentId: 'b' },
    { ...session, agentId: 'c', siteId: 2, bitrate: 3 },
    { ...session, remote: false },
    { ...session, state: 'resting' },
    { ...session, bitrate: null },
  ]);
  expect([...byAgent]).toEqual([
    ['a', 5],
    ['b', 5],
    ['c', 3],
  ]);
  expect([...bySite]).toEqual([
    [1, 10],
    [2, 3],
  ]);
});

it('a person’s streams are what plays and what is about to, without a long pause or what is replaced', () => {
  const sessions = [
    { id: 's1', userId: 7, accountId: 1, state: 'playing' as const },
    { id: 's2', userId: 1, state: 'resting' as const },
    { id: 's3', userId: 2, state: 'playing' as const },
  ];
  const reserved = [
    { session: 's1', accountId: 1, at: 0 },
    { session: 's4', accountId: 1, at: 0 },
  ];
  expect(streamsOf(1, sessions, reserved, null)).toBe(2);
  expect(streamsOf(1, sessions, reserved, 's1')).toBe(1);
  expect(streamsOf(1, sessions, liveReservations(reserved, sessions, 1), null)).toBe(2);
  expect(liveReservations(reserved, sessions, 1).map((one) => one.session)).toEqual(['s4']);
  expect(streamsOf(1, sessions, liveReservations(reserved, sessions, 60_000), null)).toBe(1);
});
