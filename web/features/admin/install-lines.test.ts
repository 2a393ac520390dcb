import { expect, it } from 'vitest';
import { installLine, SYSTEMS } from './install-lines.ts';

it.each(SYSTEMS)('has a line for %s that names the server and the code', (system) => {
  const line = installLine(system, 'https://media.example', 'K7QM-2XPD');
  expect(line).toContain('https://media.example');
  expect(line).toContain('K7QM-2XPD');
  expect(line).not.toContain('\n');
});
