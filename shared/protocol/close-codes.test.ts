import { expect, it } from 'vitest';
import { CLOSE, closeReason, FINAL_CLOSES } from './close-codes.ts';

it('names each code of the closed set, and none beside it', () => {
  for (const [reason, code] of Object.entries(CLOSE)) expect(closeReason(code)).toBe(reason);
  expect(closeReason(1006)).toBeNull();
});

it('[RC2] only a person can bring back an agent that was replaced, removed or is too old', () => {
  expect([...FINAL_CLOSES].map(closeReason).sort()).toEqual(['removed', 'replaced', 'version-unsupported']);
});
