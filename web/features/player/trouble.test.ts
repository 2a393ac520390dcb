import { expect, it } from 'vitest';
import { HearthcastError } from '../../../shared/errors.ts';
import { isFinal, mayReplay, mayWait, OUTAGE_LIMIT_MS, outageOf, troubleOf } from './trouble.ts';

it('an ended session or an old ticket is played again, other failures are shown', () => {
  expect(troubleOf(new HearthcastError('session-ended'))).toEqual({ kind: 'ended' });
  expect(troubleOf(new HearthcastError('ticket-invalid'))).toEqual({ kind: 'ended' });
  const other = new HearthcastError('other-copy', 'It goes on with another copy, from attic.');
  expect(troubleOf(other)).toEqual({ kind: 'other-copy', note: other.message });
  const broken = new HearthcastError('content-broken');
  expect(troubleOf(broken)).toEqual({ kind: 'failed', error: broken });
});

it('plays again by itself once a minute at most', () => {
  expect(mayReplay(null, 5)).toBe(true);
  expect(mayReplay(1000, 30_000)).toBe(false);
  expect(mayReplay(1000, 61_001)).toBe(true);
});

it('waits for a server, a machine or a free slot, and not for what asking again cannot bring', () => {
  expect([0, 429, 500, 502, 503, 504].map(outageOf)).toEqual([
    'server-away',
    'busy',
    'machine-away',
    'machine-away',
    'machine-away',
    'machine-away',
  ]);
  expect([400, 401, 403, 404, 410, 416, 422].map(outageOf)).toEqual(Array(7).fill(null));
  expect([403, 409, 410, 422].map(isFinal)).toEqual(Array(4).fill(true));
  expect([undefined, 0, 200, 429, 503].map(isFinal)).toEqual(Array(5).fill(false));
  expect(mayWait('machine-away', null, 5)).toBe(true);
  expect(mayWait('machine-away', 0, OUTAGE_LIMIT_MS - 1)).toBe(true);
  expect(mayWait('machine-away', 0, OUTAGE_LIMIT_MS)).toBe(false);
  expect(mayWait(null, null, 5)).toBe(false);
});
