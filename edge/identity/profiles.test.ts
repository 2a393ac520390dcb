import { describe, expect, it } from 'vitest';
import { needsProof } from './profiles.ts';

describe('a way from one profile into another', () => {
  const child = { userId: 2, role: 'child' } as const;
  const grownUp = { userId: 3, role: 'member' } as const;

  it('out of a child’s is never open, whether the other has a PIN or not', () => {
    expect(needsProof(child, { id: 1, pinHash: null })).toBe(true);
    expect(needsProof(child, { id: 1, pinHash: 'hash' })).toBe(true);
  });

  it('into one without a PIN is open to the others', () => {
    expect(needsProof(grownUp, { id: 2, pinHash: null })).toBe(false);
    expect(needsProof(grownUp, { id: 1, pinHash: 'hash' })).toBe(true);
  });

  it('leads nowhere for who is there already', () => {
    expect(needsProof(child, { id: 2, pinHash: 'hash' })).toBe(false);
  });
});
