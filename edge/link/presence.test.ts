import { expect, it } from 'vitest';
import { judgePresence, type PresenceView, type SocketView } from './presence.ts';

const T0 = 5_000_000;
const ready = (heardAt: number): SocketView => ({ state: 'ready', openedAt: T0 - 100_000, heardAt });
const fresh = (openedAt: number): SocketView => ({ state: 'new', openedAt, heardAt: openedAt });
const view = (changes: Partial<PresenceView>): PresenceView => ({
  online: true,
  closedAt: null,
  busy: false,
  sockets: [],
  ...changes,
});

it('[PR2] tells people ten seconds after the last socket closed, and not before', () => {
  expect(judgePresence(view({ closedAt: T0 }), T0 + 9_999)).toEqual({ close: [], offline: false, nextAt: T0 + 10_000 });
  expect(judgePresence(view({ closedAt: T0 }), T0 + 10_000)).toEqual({ close: [], offline: true, nextAt: null });
});

it('[PR2] says nothing of a reconnect within that time', () => {
  const verdict = judgePresence(view({ closedAt: null, sockets: [ready(T0 + 8_000)] }), T0 + 10_000);
  expect(verdict).toEqual({ close: [], offline: false, nextAt: T0 + 68_000 });
});

it('[PR2] a socket that has not said hello does not count as a reconnect', () => {
  const verdict = judgePresence(view({ closedAt: T0, sockets: [fresh(T0 + 9_000)] }), T0 + 10_000);
  expect(verdict.offline).toBe(true);
});

it('[PR2] tells nobody of an agent that people take for offline already', () => {
  expect(judgePresence(view({ online: false, closedAt: T0 }), T0 + 60_000)).toEqual({
    close: [],
    offline: false,
    nextAt: null,
  });
});

it('[PR3] closes a socket without a ping for a minute and tells people at once', () => {
  const sockets = [ready(T0)];
  expect(judgePresence(view({ sockets }), T0 + 59_999)).toEqual({ close: [], offline: false, nextAt: T0 + 60_000 });
  expect(judgePresence(view({ sockets }), T0 + 60_000)).toEqual({
    close: [{ socket: 0, reason: 'silent' }],
    offline: true,
    nextAt: null,
  });
});

it('[PR3] leaves a socket with work in flight to the stricter watch of that work', () => {
  const verdict = judgePresence(view({ busy: true, sockets: [ready(T0)] }), T0 + 90_000);
  expect(verdict).toEqual({ close: [], offline: false, nextAt: T0 + 150_000 });
});

it('[PR3] says nothing while another socket of the agent is alive', () => {
  const verdict = judgePresence(view({ sockets: [ready(T0), ready(T0 + 50_000)] }), T0 + 60_000);
  expect(verdict).toEqual({ close: [{ socket: 0, reason: 'silent' }], offline: false, nextAt: T0 + 110_000 });
});

it('[HS1] closes a socket that says no hello within ten seconds', () => {
  const sockets = [fresh(T0)];
  expect(judgePresence(view({ online: false, sockets }), T0 + 9_999).nextAt).toBe(T0 + 10_000);
  expect(judgePresence(view({ online: false, sockets }), T0 + 10_000).close).toEqual([
    { socket: 0, reason: 'hello-timeout' },
  ]);
});
