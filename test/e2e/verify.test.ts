import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT } from '../../scripts/build/paths.ts';
import type { Check } from '../../scripts/verify/check.ts';
import type { VerifyOptions } from '../../scripts/verify/options.ts';
import { type VerifyDeps, verify } from '../../scripts/verify/verify.ts';
import { type Fault, faultyFront } from '../fakes/faulty-front.ts';
import { type LocalServer, makeFolder, startServer } from './local-server.ts';

const OWNER = { username: 'Ada', password: 'correct horse battery' };
const ENV = { HEARTHCAST_OWNER: OWNER.username, HEARTHCAST_PASSWORD: OWNER.password };
const OPTIONS = { json: true, full: false, long: false, deploy: false };
const TIMES = {
  pauseMs: 1_000,
  readOnMs: 2_000,
  // What a busy machine takes for it; only where it is never heard of all of it passes.
  leavingMs: 10_000,
  throughputMs: 1_500,
  heartbeat: { pingMs: 700, pongMs: 5_000 },
};
const folder = makeFolder();
let server: LocalServer;
let token: string;
let key: string;

const start = (port: string) =>
  startServer(['--data', join(folder.path, 'data'), '--port', port, '--no-demo', '--no-agent'], { env: ENV });

beforeAll(async () => {
  server = await start('0');
  ({ accessToken: token } = await call('POST', '/auth/login', { ...OWNER, delivery: 'body' }));
  ({ key } = await call('POST', '/api-keys', { name: 'verify', scopes: ['read', 'play', 'admin'] }));
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

// biome-ignore lint/suspicious/noExplicitAny: what is asked for is looked at by the tests themselves
async function call(method: string, path: string, body?: unknown): Promise<any> {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const init = { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) };
  return (await fetch(`${server.url}/api/v1${path}`, init)).json();
}

async function added(): Promise<string[]> {
  const { items } = (await call('GET', '/agents')) as { items: { name: string }[] };
  const libraries = (await call('GET', '/libraries')) as { items: { name: string }[] };
  return [...items, ...libraries.items].map(({ name }) => name).filter((name) => name.startsWith('Hearthcast verify'));
}

function run(edge: string, options: Partial<VerifyOptions> = {}, deps: Partial<VerifyDeps> = {}): Promise<Check[]> {
  const all: VerifyDeps = {
    credentials: async () => ({ key }),
    deployed: null,
    onCheck: () => {},
    times: TIMES,
    ...deps,
  };
  return verify({ ...OPTIONS, edge, ...options }, all, new AbortController().signal);
}

const notOk = (checks: readonly Check[]) =>
  checks.filter(({ result }) => result !== 'ok').map(({ name, result }) => `${name}: ${result}`);

/** What a failed comparison is shown with. */
const said = (checks: readonly Check[]) =>
  checks.flatMap(({ name, result, meaning }) => (result === 'ok' ? [] : [`${name}: ${meaning}`])).join(' ');

/** Each fault, what it changes of the run and of this machine's clock, and the only checks that may tell of it. */
const FAULTS: readonly [string, Fault, Partial<typeof TIMES> & { skewMs?: number }, readonly string[]][] = [
  [
    ...([
      'a proxy that buffers bodies, and a clock an hour off',
      { buffersBodies: true },
      { skewMs: 3_600_000 },
    ] as const),
    ['Clocks: warning', 'Bodies are streamed: failed', 'A viewer who leaves: skipped'],
  ],
  [
    ...([
      'one that cuts idle PUTs and limits rates',
      { cutsIdlePutsMs: 3_000, mostAtOnce: 5 },
      // On a busy machine what lies in buffers fills and empties slowly, and only behind it the cut is seen.
      { pauseMs: 8_000, readOnMs: 30_000 },
    ] as const),
    ['Many requests: failed', 'A paused viewer: failed'],
  ],
  [
    ...([
      'one that reads on for viewers who left, and a slow line',
      { hidesLeaving: true, bytesPerSecond: 500_000 },
      { leavingMs: 3_500 },
    ] as const),
    ['A viewer who leaves: failed', 'Throughput: warning'],
  ],
];

describe.concurrent('verify', () => {
  it.each(FAULTS)('names %s, and nothing else', async (_name, fault, { skewMs = 0, ...times }, expected) => {
    await using front = await faultyFront(server.url, fault);
    const deps = { times: { ...TIMES, ...times }, now: () => Date.now() + skewMs };
    const checks = await run(front.origin, {}, deps);
    expect(notOk(checks), said(checks)).toEqual(expected);
    expect(checks.length).toBeGreaterThan(8);
    for (const { result, advice } of checks) expect(advice !== null).toBe(!['ok', 'skipped'].includes(result));
  });

  it('names sockets that are closed', async () => {
    await using front = await faultyFront(server.url, { closesSocketsMs: 5_000 });
    // Longer than a socket lives, so that one is closed in the silence whenever it begins.
    const heartbeat = { pingMs: 2_500, pongMs: 5_000 };
    const checks = await run(front.origin, {}, { times: { ...TIMES, heartbeat } });
    expect(notOk(checks)).toContain('The machine’s connection: failed');
  });

  it('names an address where nothing answers', async () => {
    expect(notOk(await run('http://127.0.0.1:9'))).toEqual(['The edge answers: failed']);
  });

  it('refuses wrong credentials', async () => {
    const credentials = async () => ({ username: OWNER.username, password: 'not this one' });
    await expect(run(server.url, {}, { credentials })).rejects.toThrow(/the sign-in was refused/);
  });
});

it('removes the machine and the library that it made', async () => {
  expect(await added()).toEqual([]);
});

it('ends with 2 where it was called wrongly, and with 1 and one JSON object where something failed', async () => {
  expect((await command(['films.example'])).code).toBe(2);
  const { code, said } = await command(['http://127.0.0.1:9', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(said)).toMatchObject({ edge: 'http://127.0.0.1:9', checks: [{ result: 'failed' }] });
});

it('removes it on Ctrl-C as well', async () => {
  const { code } = await command([server.url], 'A machine joins');
  expect(code).toBe(130);
  expect(await added()).toEqual([]);
});

it('takes the largest part, and a deploy in the middle of a film', async () => {
  const deployed = async () => {
    await server.stop();
    server = await start(new URL(server.url).port);
  };
  const checks = await run(server.url, { full: true, deploy: true }, { credentials: async () => OWNER, deployed });
  expect(notOk(checks)).toEqual([]);
  expect(checks.map(({ name }) => name)).toContain('A deploy in the middle of a film');
});

/** Runs the command; with `until` it gets a Ctrl-C as soon as it says so. */
async function command(args: readonly string[], until?: string): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [join(PROJECT, 'scripts/verify/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, ...ENV },
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const before = said;
    said += text;
    if (until && said.includes(until) && !before.includes(until)) child.kill('SIGINT');
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}
