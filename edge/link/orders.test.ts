import { expect, it } from 'vitest';
import { ABORT_REASONS, failureOf } from './aborts.ts';
import { admitOrder, failureResponse, MAX_PER_AGENT, MAX_PER_SESSION, MAX_WITHOUT_SESSION } from './orders.ts';

it('[BY9] holds one session, pictures, and the agent as a whole to their limits', () => {
  const open = (session: number, agent = 100) => ({ agent, session, unanswered: 0 });
  expect(admitOrder('ses_a', open(MAX_PER_SESSION - 1))).toBe('admit');
  expect(admitOrder('ses_a', open(MAX_PER_SESSION))).toBe('refuse');
  expect(admitOrder(null, open(MAX_PER_SESSION))).toBe('admit');
  expect(admitOrder(null, open(MAX_WITHOUT_SESSION))).toBe('refuse');
  expect(admitOrder('ses_a', open(0, MAX_PER_AGENT))).toBe('refuse');
});

it('[BY9] a session at its limit gives up its own request without an answer, also when the agent is full', () => {
  expect(admitOrder('ses_a', { agent: 100, session: MAX_PER_SESSION, unanswered: 1 })).toBe('supersede');
  expect(admitOrder('ses_a', { agent: MAX_PER_AGENT, session: MAX_PER_SESSION, unanswered: 1 })).toBe('supersede');
  expect(admitOrder(null, { agent: 200, session: MAX_WITHOUT_SESSION, unanswered: 9 })).toBe('refuse');
  expect(admitOrder('ses_a', { agent: MAX_PER_AGENT, session: 2, unanswered: 2 })).toBe('refuse');
});

it.each(ABORT_REASONS)('[FA1] an order that ends as "%s" answers a problem with its class', async (reason) => {
  const failure = failureOf(reason);
  const response = failureResponse(failure);
  expect(response.headers.get('hc-failure')).toBe(failure.class);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ code: failure.code, status: response.status });
});

it('[FA1] only a dead or silent agent moves a session', () => {
  const moving = ABORT_REASONS.filter((reason) => failureOf(reason).class === 'liveness');
  expect(moving).toEqual(['offline', 'socket-closed', 'silence', 'next-part', 'broken-put']);
});
