import { expect, test } from 'vitest';
import { parseVerifyOptions } from './options.ts';

test('takes an address and switches', () => {
  expect(parseVerifyOptions(['https://films.example/some/page', '--json', '--long'])).toEqual({
    ...{ edge: 'https://films.example', json: true, full: false, long: true, deploy: false },
  });
  expect(parseVerifyOptions(['--help'])).toBe('help');
});

test.each([
  [[]],
  [['films.example']],
  [['ftp://films.example']],
  [['https://a.example', 'https://b.example']],
  [['--x']],
])('refuses %j with a sentence', (argv) => {
  expect(() => parseVerifyOptions(argv)).toThrow(/address|--help/);
});
