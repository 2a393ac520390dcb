import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MediaTree } from './media-tree.ts';

const CLI = new URL('../../agent/cli.ts', import.meta.url).pathname;

let tree: MediaTree;

beforeAll(async () => {
  tree = await MediaTree.make();
  await tree.put('films/Lighthouse (2021).mp4');
  await tree.put('films/Broken.mkv', '');
});
afterAll(() => tree[Symbol.asyncDispose]());

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess & { text: () => string } {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, ...env },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  return Object.assign(child, { text: () => text });
}

async function cli(...args: string[]): Promise<{ code: number; text: string }> {
  const child = start(args);
  const [code] = (await once(child, 'close')) as [number];
  return { code, text: child.text() };
}

/** A server that answers every request alike. */
async function edge(status: number, body: unknown): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_, response) => response.writeHead(status).end(JSON.stringify(body)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('help names every command, and a wrong option says where help is', async () => {
  const help = await cli('--help');
  expect(help.code).toBe(0);
  for (const name of ['enroll|enrol', 'run', 'scan', 'status', 'doctor']) expect(help.text).toContain(name);
  const wrong = await cli('run', '--nonsense');
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.text).toContain('--nonsense');
});

test('scan reads the folders by itself and tells what it found', async () => {
  const { code, text } = await cli(
    'scan',
    '--json',
    '--data',
    tree.at('scan-data'),
    '--root',
    `Films=${tree.at('films')}`,
  );
  expect(code).toBe(0);
  const { roots } = JSON.parse(text) as { roots: unknown };
  expect(roots).toMatchObject([{ library: 'Films', present: 1, problems: 1, state: 'ok' }]);
  const again = await cli('scan', '--data', tree.at('scan-data'));
  expect(again.text).toContain('1 files, 1 problems');
});

test('a scan of a folder that is missing fails and says so', async () => {
  const { code, text } = await cli('scan', '--data', tree.at('missing-data'), '--root', tree.at('not-there'));
  expect(code).toBe(1);
  expect(text).toContain('is its disk mounted');
});

test('doctor says what is wrong and what to do about each', async () => {
  await using server = await edge(200, {});
  const args = [
    '--data',
    tree.at('doctor-data'),
    '--edge',
    server.url,
    '--root',
    tree.at('films'),
    '--root',
    tree.at('nowhere'),
  ];
  const { code, text } = await cli('doctor', '--json', ...args);
  expect(code).toBe(1);
  const { findings } = JSON.parse(text) as { findings: { about: string; verdict: string; advice: string | null }[] };
  const verdicts = Object.fromEntries(findings.map(({ about, verdict }) => [about, verdict]));
  expect(verdicts).toMatchObject({
    node: 'ok',
    ffmpeg: 'ok',
    data: 'ok',
    server: 'ok',
    clock: 'ok',
    enrolment: 'failed',
  });
  expect(verdicts).toMatchObject({ [`folder ${tree.at('films')}`]: 'ok', [`folder ${tree.at('nowhere')}`]: 'failed' });
  for (const { verdict, advice } of findings) expect(advice === null).toBe(verdict === 'ok');
});

test('enrolling with a wrong code fails with the sentence of the server', async () => {
  const problem = {
    type: 'x',
    title: 'The code is wrong, used or expired',
    status: 400,
    code: 'code-invalid',
    retryable: false,
  };
  await using server = await edge(400, problem);
  const { code, text } = await cli('enrol', '--data', tree.at('enrol-data'), '--edge', server.url, '--code', 'WRONG');
  expect(code).toBe(3);
  expect(text).toContain('The code is wrong, used or expired.');
  expect(await cli('run', '--data', tree.at('enrol-data'), '--edge', server.url, '--code', 'WRONG')).toMatchObject({
    code: 3,
  });
});

test('running without a code says where to get one', async () => {
  const { code, text } = await cli('run', '--data', tree.at('no-code'), '--edge', 'http://127.0.0.1:1');
  expect(code).toBe(3);
  expect(text).toContain('--code');
});

test('a data folder that cannot be written is named', async () => {
  await tree.put('a-file', 'x');
  const { code, text } = await cli('scan', '--data', tree.at('a-file/data'), '--root', tree.at('films'));
  expect(code).toBe(1);
  expect(text).toContain(tree.at('a-file/data'));
  expect(text).toContain('--data');
});

test('while the server does not answer, run keeps trying, keeps the code to itself, and stops on SIGTERM with 0', async () => {
  const args = [
    'run',
    '--json',
    '--data',
    tree.at('offline-data'),
    '--edge',
    'http://127.0.0.1:1',
    '--code',
    'SECRET-CODE',
  ];
  const child = start(args);
  await expect.poll(() => child.text()).toContain('Trying again');
  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(child.text()).not.toContain('SECRET-CODE');
});

test('with --exit-with-parent the agent stops when its stdin ends', async () => {
  const child = start([
    'run',
    '--exit-with-parent',
    '--data',
    tree.at('orphan'),
    '--edge',
    'http://127.0.0.1:1',
    '--code',
    'X-CODE',
  ]);
  await expect.poll(() => child.text()).toContain('Trying again');
  child.stdin?.end();
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
});

test('status of a folder without a running agent says so', async () => {
  const { code, text } = await cli('status', '--json', '--data', tree.at('status-data'));
  expect(code).toBe(1);
  expect(JSON.parse(text)).toEqual({ running: false, agentId: null });
});
