import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const CLI = new URL('../../agent/cli.ts', import.meta.url).pathname;
const COMMANDS = [
  ...['enrol', 'run', 'status', 'doctor', 'roots list', 'roots add', 'roots remove', 'scan', 'drain', 'logs', 'config'],
  ...['config reload', 'update', 'rollback', 'uninstall'],
];

let folder: string;
let films: string;
let data: string;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'hearthcast-cli-')));
  films = join(folder, 'films');
  data = join(folder, 'data');
  mkdirSync(films);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function cli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number; text: string }> {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HEARTHCAST_DATA: data, ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  const [code] = (await once(child, 'close')) as [number];
  return { code, text };
}

const json = async (...args: string[]) => {
  const { code, text } = await cli([...args, '--json']);
  return { code, said: JSON.parse(text) as Record<string, unknown> };
};

test('each command has a help that ends with 0, and speaks JSON', async () => {
  const looks = COMMANDS.map(async (command) => {
    const { code, text } = await cli([...command.split(' '), '--help']);
    return [command, code, text.includes('--json')];
  });
  expect(await Promise.all(looks)).toEqual(COMMANDS.map((command) => [command, 0, true]));
});

test('what a command does not know it refuses with 2, and says where help is', async () => {
  for (const { code, text } of await Promise.all([
    cli(['status', '--nonsense']),
    cli(['roots', 'list', '--nonsense']),
  ])) {
    expect([code, text.includes('--help')]).toEqual([2, true]);
  }
});

test('folders are added, listed and removed without a running agent, and what is wrong is told', async () => {
  expect(await json('roots', 'list')).toEqual({ code: 0, said: { roots: [] } });
  expect(await json('roots', 'add', `Films=${films}`)).toMatchObject({ code: 0, said: { running: false } });
  const { said } = await json('roots', 'list');
  expect(said.roots).toMatchObject([{ path: films, library: 'Films', source: 'chosen' }]);
  const again = await cli(['roots', 'add', films]);
  expect(again).toMatchObject({ code: 0, text: expect.stringContaining('shared already') });
  const [inside, absent, unknown, fixed] = await Promise.all([
    cli(['roots', 'add', folder]),
    cli(['roots', 'add', join(folder, 'absent')]),
    cli(['roots', 'remove', 'Nonsense']),
    cli(['roots', 'remove', 'Films'], { HEARTHCAST_ROOTS: `Films=${films}` }),
  ]);
  expect(inside).toMatchObject({ code: 1, text: expect.stringContaining('one of the two is inside the other') });
  expect(absent).toMatchObject({ code: 2, text: expect.stringContaining('There is no folder') });
  expect(unknown).toMatchObject({ code: 2, text: expect.stringContaining('No shared folder is Nonsense') });
  expect(fixed).toMatchObject({ code: 2, text: expect.stringContaining('fixed by HEARTHCAST_ROOTS') });
  expect(await cli(['roots', 'remove', 'Films'])).toMatchObject({ code: 0 });
  expect(await json('roots', 'list')).toEqual({ code: 0, said: { roots: [] } });
});

test('config shows what holds and where from, and a wrong file is told by its line', async () => {
  const file = join(folder, 'agent.toml');
  writeFileSync(file, 'name = "attic"\nrescan_minutes = 10\n');
  const { code, text } = await cli(['config', '--config', file, '--json'], { HEARTHCAST_NAME: 'cellar' });
  expect(code).toBe(0);
  expect((JSON.parse(text) as { settings: unknown }).settings).toEqual(
    expect.arrayContaining([
      { name: 'name', value: 'cellar', source: 'HEARTHCAST_NAME' },
      { name: 'rescan_minutes', value: 10, source: `${file}, line 2` },
      { name: 'log_level', value: 'info', source: 'default' },
    ]),
  );
  writeFileSync(file, 'name = "attic"\nrescan_minutes = 4\n');
  const wrong = await cli(['config', '--config', file]);
  expect(wrong).toMatchObject({ code: 2, text: expect.stringContaining(`${file}, line 2: rescan_minutes`) });
});

test('without an agent that runs, or an installation, each says so and what to do', async () => {
  const log = join(folder, 'agent.log');
  writeFileSync(log, 'one\ntwo\nthree\n');
  const said = await Promise.all([
    cli(['logs', '-n', '2'], { HEARTHCAST_LOG_FILE: log }),
    cli(['logs']),
    cli(['logs'], { HEARTHCAST_CONTAINER: '1' }),
    cli(['config', 'reload']),
    cli(['drain']),
    cli(['rollback']),
    cli(['rollback'], { HEARTHCAST_CONTAINER: '1' }),
    cli(['update', '--check']),
    cli(['uninstall', '--yes']),
  ]);
  expect(said).toEqual([
    { code: 0, text: 'two\nthree\n' },
    { code: 1, text: expect.stringContaining('log_file') },
    { code: 1, text: expect.stringContaining('docker logs') },
    { code: 1, text: expect.stringContaining('not running') },
    { code: 1, text: expect.stringContaining('No agent runs') },
    { code: 1, text: expect.stringContaining('from a checkout') },
    { code: 1, text: expect.stringContaining('in a container') },
    { code: 3, text: expect.stringContaining('not enrolled') },
    { code: 2, text: expect.stringContaining('not installed by install.sh') },
  ]);
});
