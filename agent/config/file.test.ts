import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';
import { changesOf } from '../reload.ts';
import { chooseRoots } from './chosen-roots.ts';

let folder: string;
let path: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthcast-config-'));
  path = join(folder, 'agent.toml');
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (text: string, env: NodeJS.ProcessEnv = {}, flags = {}) => {
  writeFileSync(path, text);
  return readConfig({ config: path, data: join(folder, 'data'), ...flags }, env);
};

const AGENT = `agt_${'a'.repeat(22)}`;

describe('a configuration file', () => {
  it('names folders of other machines, taken over at the next start', () => {
    const mapping = `[[mappings]]\nagent = "${AGENT}"\nroot = "films-x7"\npath = "/mnt/nas"\n`;
    const before = read('name = "x"\n');
    const after = read(`name = "x"\n${mapping}`);
    expect(after.mappings).toEqual([{ agent: AGENT, root: 'films-x7', path: '/mnt/nas' }]);
    expect(changesOf(before, after)).toEqual({ live: [], restart: ['mappings'] });
    expect(() => read(`name = "x"\n\n[[mappings]]\nagent = "nas"\nroot = "films-x7"\npath = "/mnt/nas"\n`)).toThrow(
      'line 4: a mapping has agent, root (their ids, as `hearthcast-agent status` shows them there) and path; "agent"',
    );
    expect(() => read('mappings = "x"')).toThrow('line 1: folders of other machines are written as [[mappings]]');
  });

  it('leaves encoding to others', () => {
    expect(read('transcode_slots = 0\n').transcodeSlots).toBe(0);
    expect(read('name = "x"\n').transcodeSlots).toBeNull();
  });

  it('is weaker than the environment, which is weaker than a flag, and each says where it is from', () => {
    const config = read(
      'name = "file"\nport = 1000\ncache_gb = 8\n',
      { HEARTHCAST_PORT: '2000', HEARTHCAST_NAME: 'env' },
      { name: 'flag' },
    );
    expect(config.held.name).toEqual({ value: 'flag', source: '--name' });
    expect(config.held.port).toEqual({ value: 2000, source: 'HEARTHCAST_PORT' });
    expect(config.held.cacheGb).toEqual({ value: 8, source: `${path}, line 3` });
    expect(config.held.logLevel).toEqual({ value: 'info', source: 'default' });
  });

  it.each([
    ['port = "eighty"', 1, 'port is a number from 0 to 65535, not "eighty"'],
    ['name = "x"\ncache_gb = true', 2, 'cache_gb is a number from 0.1 to 10000, not true'],
    ['follow_links = "yes"', 1, 'follow_links is true or false, not "yes"'],
    ['\n\nedge = "ftp://x"', 3, 'edge is the address of a server'],
    ['name = "x"\nname = "y"', 2, 'this is not TOML'],
    ['name = "x"\nprot = 80', 2, 'there is no setting "prot"'],
    ['[update]\n# when\nhours = "at night"', 3, 'update.hours is a time of day such as "02:00-05:00"'],
    ['[update]\nmode = "sometimes"', 2, 'update.mode is one of automatic, offered, off'],
    ['[update]\nkey = "trust me"', 2, 'update.key is the public key'],
    [
      '[[roots]]\npath = "/a"\n\n[[roots]]\npath = "/b"\nlibary = "x"',
      6,
      'a folder has path, library and follow_links; "libary"',
    ],
    ['[[roots]]\nlibrary = "x"', 1, 'a folder has path, library and follow_links; "path"'],
    ['allow = "not a list"\nlog_level = "loud"', 2, 'log_level is one of'],
  ])('%j is refused with line %i', (text, line, sentence) => {
    expect(() => read(text)).toThrow(`${path}, line ${line}: ${sentence}`);
  });

  it('has folders beside those that were chosen, and none of the two goes lost', () => {
    const text = '[[roots]]\npath = "/srv/films"\nlibrary = "Movies"\n';
    expect(read(text).roots).toEqual([{ path: '/srv/films', library: 'Movies', followLinks: false }]);
    chooseRoots(join(folder, 'data'), [{ path: '/srv/shows', library: 'Shows', followLinks: false }]);
    expect(read(text).roots.map((root) => root.path)).toEqual(['/srv/films', '/srv/shows']);
    expect(read(text, { HEARTHCAST_ROOTS: '/only' }).roots.map((root) => root.path)).toEqual(['/only']);
  });

  it('may begin with the mark of editors on Windows, and have their line ends', () => {
    expect(read('\uFEFFname = "x"\r\nport = 80\r\n').held.port).toEqual({ value: 80, source: `${path}, line 2` });
  });

  it('that is named and not there is an error; one that is only looked for is not', () => {
    expect(() => readConfig({ config: join(folder, 'absent.toml') }, {})).toThrow('There is no');
    expect(readConfig({ data: join(folder, 'other') }, {}).held.port.source).toBe('default');
  });
});

it('a reading tells what a running agent takes over, and what waits for its next start', () => {
  const before = read('port = 1\nuplink_limit = 10\n');
  const after = read('port = 2\nuplink_limit = 20\nlog_level = "debug"\nallow = ["/srv"]\n');
  expect(changesOf(before, after)).toEqual({ live: ['uplink_limit', 'log_level', 'allow'], restart: ['port'] });
  expect(changesOf(after, after)).toEqual({ live: [], restart: [] });
});
