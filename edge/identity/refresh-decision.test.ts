import { describe, expect, it } from 'vitest';
import { decideRefresh, GRACE_MS } from './refresh-decision.ts';

const NOW = 10_000_000;
const session = { refreshHash: 'r1', previousHash: 'r0', rotatedAt: NOW, expiresAt: NOW + 1, endedAt: null };

describe('a presented refresh token', () => {
  it('goes on with its successor when it has just been replaced', () => {
    expect(decideRefresh(session, 'r0', 'r1', NOW)).toBe('successor');
  });

  it('is reused when it was replaced longer ago', () => {
    const long = { ...session, expiresAt: NOW * 2 };
    expect(decideRefresh(long, 'r0', 'r1', NOW + GRACE_MS)).toBe('successor');
    expect(decideRefresh(long, 'r0', 'r1', NOW + GRACE_MS + 1)).toBe('reused');
  });

  it('goes on as it is when it is the current one and not due to be replaced', () => {
    expect(decideRefresh(session, 'r1', 'r2', NOW)).toBe('same');
  });

  it('is reused when the session never had it, or had it before the last two', () => {
    expect(decideRefresh(session, 'old', 'r0', NOW)).toBe('reused');
    expect(decideRefresh(session, 'forged', 'whatever', NOW)).toBe('reused');
  });

  it('is worth nothing when its session is unknown, ended or expired', () => {
    expect(decideRefresh(null, 'r1', 'r2', NOW)).toBe('over');
    expect(decideRefresh({ ...session, endedAt: NOW - 1 }, 'r1', 'r2', NOW)).toBe('over');
    expect(decideRefresh({ ...session, expiresAt: NOW }, 'r1', 'r2', NOW)).toBe('over');
  });
});
