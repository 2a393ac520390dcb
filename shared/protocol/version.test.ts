import { expect, it } from 'vitest';
import { negotiateVersion, PROTOCOL_VERSION } from './version.ts';

it('[HS2] takes the highest version that both speak', () => {
  expect(negotiateVersion({ protocol: PROTOCOL_VERSION, minProtocol: 1 })).toBe(PROTOCOL_VERSION);
  expect(negotiateVersion({ protocol: PROTOCOL_VERSION + 5, minProtocol: PROTOCOL_VERSION })).toBe(PROTOCOL_VERSION);
});

it('[HS2] finds none with an agent that is too new or too old', () => {
  expect(negotiateVersion({ protocol: PROTOCOL_VERSION + 5, minProtocol: PROTOCOL_VERSION + 1 })).toBeNull();
  expect(negotiateVersion({ protocol: 0, minProtocol: 0 })).toBeNull();
});
