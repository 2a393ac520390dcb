import { expect, it } from 'vitest';
import { FloodGate, UNASKED_BURST, UNASKED_PER_SECOND } from './flood.ts';

it('[FR3] lets a burst through and closes on the first message more', () => {
  const gate = new FloodGate(0);
  for (let i = 0; i < UNASKED_BURST; i++) expect(gate.admit(0)).toBe(true);
  expect(gate.admit(0)).toBe(false);
});

it('[FR3] admits an agent that keeps to the rate for ever', () => {
  const gate = new FloodGate(0);
  const gap = 1000 / UNASKED_PER_SECOND;
  for (let i = 0; i < 20_000; i++) expect(gate.admit(i * gap)).toBe(true);
});
