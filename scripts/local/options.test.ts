import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type LocalOptions, parseOptions, rootsOf, UsageError } from './options.ts';

const cwd = mkdtempSync(join(tmpdir(), 'hearthcast-options-'));
mkdirSync(join(cwd, 'films'));
writeFileSync(join(cwd, 'a-file'), '');
afterAll(() => rmSync(cwd, { recursive: true }));

const parse = (argv: string[], env: NodeJS.ProcessEnv = {}) => parseOptions(argv, env, cwd) as LocalOptions;

describe('the options of a local start', () => {
  it('make a demo library on port 8484 when nothing is said', () => {
    expect(parse([])).toEqual({
      port: 8484,
      host: '127.0.0.1',
      dataDir: join(cwd, 'data'),
      media: [],
      demo: true,
      agent: true,
      json: false,
      owner: null,
    });
  });

  it('take several folders and then make no demo library', () => {
    const options = parse(['--media', 'films', '--media', '.', '--port', '9000']);
    expect(options).toMatchObject({ media: [join(cwd, 'films'), cwd], demo: false, port: 9000 });
    expect(rootsOf(options)[0]).toEqual({ library: 'films', path: join(cwd, 'films') });
  });

  it('have neither demo nor roots with --no-demo', () => {
    expect(rootsOf(parse(['--no-demo']))).toEqual([]);
  });

  it.each([
    [['--port', 'http'], /not a port/],
    [['--port', '70000'], /not a port/],
    [['--media', 'nowhere'], /does not exist.*mounted/],
    [['--media', 'a-file'], /is a file/],
    [['--wrong'], /Usage: npm start/],
    [['films'], /Usage: npm start/],
  ])('answer %j with a sentence that says what to do', (argv, sentence) => {
    expect(() => parse(argv)).toThrow(UsageError);
    expect(() => parse(argv)).toThrow(sentence);
  });

  it('take the owner from the environment, with a password of 8 characters or more', () => {
    const env = { HEARTHCAST_OWNER: 'ada', HEARTHCAST_PASSWORD: 'long enough' };
    expect(parse([], env).owner).toEqual({ username: 'ada', password: 'long enough' });
    expect(() => parse([], { HEARTHCAST_OWNER: 'ada' })).toThrow(/HEARTHCAST_PASSWORD/);
  });
});
