import { expect, it } from 'vitest';
import type { AgentEvent } from '../../shared/protocol/frames.ts';
import { EventQueue, MAX_EVENTS } from './event-queue.ts';

const ended = (n: number): AgentEvent => ({
  kind: 'session.ended',
  session: `ses_${String(n).padStart(22, '0')}`,
  generation: 1,
  reason: 'lease',
});
const scan = (root: string, done: number): AgentEvent => ({
  kind: 'scan.progress',
  root,
  phase: 'probing',
  total: 10,
  done,
  problems: 0,
  message: null,
});

it('[EV1] keeps an event until its acknowledgement, and sends it again after a reconnect', () => {
  const queue = new EventQueue();
  queue.push(ended(1));
  queue.push(ended(2));
  expect(queue.due(0).map((frame) => frame.seq)).toEqual([1, 2]);
  expect(queue.due(1_000)).toEqual([]);
  queue.ack(1);
  queue.rewind();
  expect(queue.due(2_000).map((frame) => frame.seq)).toEqual([2]);
  queue.ack(2);
  expect(queue.size).toBe(0);
});

it('[EV1] sends an event again on the same socket after thirty seconds', () => {
  const queue = new EventQueue();
  queue.push(ended(1));
  queue.due(0);
  expect(queue.due(29_999)).toEqual([]);
  expect(queue.due(30_000)).toHaveLength(1);
});

it('[EV3] keeps the newest state of each scan, of the load and of the folders', () => {
  const queue = new EventQueue();
  for (let i = 0; i < 5_000; i++) {
    queue.push(scan(i % 2 ? 'a' : 'b', i));
    queue.push({ kind: 'capacity', slotsUsed: i, slotsTotal: 2 });
  }
  const events = queue.due(0).map((frame) => frame.event);
  expect(events).toEqual([scan('b', 4_998), scan('a', 4_999), { kind: 'capacity', slotsUsed: 4_999, slotsTotal: 2 }]);
});

it('[EV3] an acknowledgement of an older state does not take the newer one away', () => {
  const queue = new EventQueue();
  queue.push(scan('a', 1));
  const [first] = queue.due(0);
  queue.push(scan('a', 2));
  queue.ack(first?.seq ?? 0);
  expect(queue.due(1).map((frame) => frame.event)).toEqual([scan('a', 2)]);
});

it('[EV3] is bounded: the oldest goes, and the caller is told', () => {
  const queue = new EventQueue();
  for (let i = 0; i < MAX_EVENTS; i++) expect(queue.push(ended(i))).toBe(true);
  expect(queue.push(ended(MAX_EVENTS))).toBe(false);
  const seqs = queue.due(0).map((frame) => frame.seq);
  expect([seqs.length, seqs[0], seqs.at(-1)]).toEqual([MAX_EVENTS, 2, MAX_EVENTS + 1]);
});

it('[EV3] tells the load again after a reconnect, also when it was acknowledged', () => {
  const queue = new EventQueue();
  queue.push({ kind: 'capacity', slotsUsed: 1, slotsTotal: 2 });
  queue.ack(queue.due(0)[0]?.seq ?? 0);
  expect(queue.size).toBe(0);
  queue.rewind();
  expect(queue.due(1).map((frame) => frame.event)).toEqual([{ kind: 'capacity', slotsUsed: 1, slotsTotal: 2 }]);
});

it('[ST2] keeps how each of the newest scans ended beside how far the running ones are', () => {
  const queue = new EventQueue();
  const run = (i: number, state: 'running' | 'done'): AgentEvent => ({
    ...(scan('a', i) as Extract<AgentEvent, { kind: 'scan.progress' }>),
    run: {
      id: `run_${String(i).padStart(22, '0')}`,
      ...{ trigger: 'timer', full: false, tookMs: i, read: 0, removed: 0, held: 0, state },
    },
  });
  for (let i = 0; i < 200; i++) {
    queue.push(run(i, 'running'));
    queue.push(run(i, 'done'));
  }
  queue.push(ended(1));
  const events = queue.due(0).map((frame) => frame.event);
  expect(events).toEqual([
    ...Array.from({ length: 49 }, (_, i) => run(150 + i, 'done')),
    run(199, 'running'),
    run(199, 'done'),
    ended(1),
  ]);
});
