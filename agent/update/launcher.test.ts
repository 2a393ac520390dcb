import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Versions } from './versions.ts';

const LAUNCHER = join(import.meta.dirname, 'launcher.ts');
/** Says at once that it has come up, as an agent does when the server has welcomed it. */
const comesUp = (version: string) =>
  `import { writeFileSync } from 'node:fs';
   writeFileSync(process.env.HEARTHCAST_VERSIONS + '/healthy', '${version}');
   setInterval(() => {}, 1000);`;
const STAYS_SILENT = `import { writeFileSync } from 'node:fs';
   writeFileSync(process.env.HEARTHCAST_VERSIONS + '/runs', '');
   setInterval(() => {}, 1000);`;
const ENDS = 'process.exit(1);';
/** So long that nothing on a busy machine is mistaken for it. */
const LONG_MS = 120_000;

let folder: string;
let versions: Versions;
let launcher: ChildProcess | null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hearthcast-launcher-'));
  versions = new Versions(folder);
  versions.store('1.0.0', { 'agent.mjs': Buffer.from(comesUp('1.0.0')) });
  versions.setCurrent('1.0.0');
  launcher = null;
});
afterEach(async () => {
  await stop();
  rmSync(folder, { recursive: true });
});

function start(trialMs: number): void {
  const env = { ...process.env, HEARTHCAST_VERSIONS: folder, HEARTHCAST_TRIAL_MS: String(trialMs) };
  launcher = spawn(process.execPath, [LAUNCHER], { env, stdio: 'ignore' });
}

async function stop(): Promise<number | null> {
  const running = launcher;
  launcher = null;
  if (!running) return null;
  const ended = new Promise<number | null>((resolve) => running.once('exit', resolve));
  running.kill('SIGTERM');
  return ended;
}

function tryOut(code: string): void {
  versions.store('2.0.0', { 'agent.mjs': Buffer.from(code) });
  versions.begin('2.0.0');
}

const last = () => versions.state().last;

test('a new version that comes up stays', async () => {
  tryOut(comesUp('2.0.0'));
  start(LONG_MS);
  await vi.waitFor(() => expect(last()).toMatchObject({ what: 'updated', version: '2.0.0' }), LONG_MS);
  expect([versions.current(), versions.state().trial]).toEqual(['2.0.0', null]);
});

test.each([
  ['ends', ENDS, LONG_MS],
  ['runs, and never reaches its server', STAYS_SILENT, 700],
])('one that %s goes, and the one before it runs again', async (_, code, trialMs) => {
  tryOut(code);
  start(trialMs);
  await vi.waitFor(() => expect(last()).toMatchObject({ what: 'rolled-back', from: '2.0.0' }), LONG_MS);
  expect(versions.state()).toMatchObject({ trial: null, refused: ['2.0.0'] });
  await vi.waitFor(() => expect(versions.healthy('1.0.0')).toBe(true), LONG_MS);
});

test('it is stopped together with what it runs, also in the middle of a trial', async () => {
  tryOut(STAYS_SILENT);
  start(LONG_MS);
  await vi.waitFor(() => expect(existsSync(join(folder, 'runs'))).toBe(true), LONG_MS);
  expect(await stop()).toBe(0);
  expect(versions.state().trial).toMatchObject({ version: '2.0.0' });
});
