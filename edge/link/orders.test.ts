import { expect, it } from 'vitest';
import { ABORT_REASONS, failureOf } from './aborts.ts';
import { admitsOrder, failureResponse, MAX_PER_AGENT, MAX_PER_SESSION, MAX_WITHOUT_SESSION } from './orders.ts';

it('[BY9] holds one session, pictures, and the agent as a whole to their limits', () => {
  expect(admitsOrder('ses_a', { agent: 100, session: MAX_PER_SESSION - 1 })).toBe(true);
  expect(admitsOrder('ses_a', { agent: 100, session: MAX_PER_SESSION })).toBe(false);
  expect(admitsOrder(null, { agent: 100, session: MAX_PER_SESSION })).toBe(true);
  expect(admitsOrder(null, { agent: 100, session: MAX_WITHOUT_SESSION })).toBe(false);
  expect(admitsOrder('ses_a', { agent: MAX_PER_AGENT, session: 0 })).toBe(false);
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
