import { expect, it } from 'vitest';
import { HearthcastError } from '../../../shared/errors.ts';
import { mayReplay, troubleOf } from './trouble.ts';

it('an ended session or an old ticket is played again, other failures are shown', () => {
  expect(troubleOf(new HearthcastError('session-ended'))).toEqual({ kind: 'ended' });
  expect(troubleOf(new HearthcastError('ticket-invalid'))).toEqual({ kind: 'ended' });
  const broken = new HearthcastError('content-broken');
  expect(troubleOf(broken)).toEqual({ kind: 'failed', error: broken });
});

it('plays again by itself once a minute at most', () => {
  expect(mayReplay(null, 5)).toBe(true);
  expect(mayReplay(1000, 30_000)).toBe(false);
  expect(mayReplay(1000, 61_001)).toBe(true);
});
