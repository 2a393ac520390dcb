import { expect, it } from 'vitest';
import { installLine, isOwnMachine, SYSTEMS } from './install-lines.ts';

it.each(SYSTEMS)('has a line for %s that names the server and the code', (system) => {
  const line = installLine(system, 'https://media.example', 'K7QM-2XPD');
  expect(line).toContain('https://media.example');
  expect(line).toContain('K7QM-2XPD');
  expect(line).not.toContain('\n');
});

it.each([
  ['http://127.0.0.1:8484', true],
  ['http://localhost:8484', true],
  ['http://[::1]:8484', true],
  ['http://192.168.1.5:8484', false],
  ['https://localhost.example', false],
])('knows whether %s leads to another machine', (origin, own) => {
  expect(isOwnMachine(origin)).toBe(own);
});
