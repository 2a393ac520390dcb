import { expect, it } from 'vitest';
import { UsageError } from '../local/options.ts';
import { parseDeployOptions } from './options.ts';

it('takes names, a host and a place, and has a default for each', () => {
  expect(parseDeployOptions([])).toEqual({
    ...{ name: undefined, domain: undefined, location: undefined },
    ...{ yes: false, dryRun: false },
  });
  expect(
    parseDeployOptions(['--name', 'films', '--domain', 'films.example.org', '--location', 'weur', '--yes']),
  ).toMatchObject({ name: 'films', domain: 'films.example.org', location: 'weur', yes: true });
  expect(parseDeployOptions(['--help'])).toBe('help');
});

it.each([
  ['--name', 'Films & more'],
  ['--name', '-x'],
  ['--domain', 'https://films.example.org'],
  ['--domain', 'localhost'],
  ['--location', 'moon'],
  ['--nonsense', 'x'],
])('refuses %s %s with a sentence', (flag, value) => {
  expect(() => parseDeployOptions([flag, value])).toThrow(UsageError);
});
