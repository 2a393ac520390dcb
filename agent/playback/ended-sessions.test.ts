import { expect, it } from 'vitest';
import { EndedSessions } from './ended-sessions.ts';

it('the newest generation that has ended is remembered, whatever comes late, and the oldest session is forgotten', () => {
  const ended = new EndedSessions();
  ended.note('a', 3);
  ended.note('a', 1);
  expect([ended.generation('a'), ended.generation('b')]).toEqual([3, 0]);
  for (let i = 0; i < 10_000; i++) ended.note(`s${i}`, 1);
  expect([ended.generation('a'), ended.generation('s0')]).toEqual([0, 1]);
});
