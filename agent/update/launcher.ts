// The process that a service manager starts: small, and the same for as long as the machine keeps it. It runs the
// current version of the agent, and the one before again where a new one does not come up. Node's own modules only.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { RESTART_EXIT } from './restart-exit.ts';
import { Versions } from './versions.ts';

/** As in the first line of cli.ts: what a scan reads is short-lived, and the process stays small. */
const NODE_FLAGS = ['--max-semi-space-size=4', '--optimize-for-size'];

/** A new version that has not reached its server by then goes. */
const TRIAL_MS = 60_000;
const LOOK_MS = 200;

/** After SIGTERM: sessions are handed over within two seconds. */
const GRACE_MS = 4000;

const folder = process.env.HEARTHCAST_VERSIONS;
if (!folder)
  throw new Error('HEARTHCAST_VERSIONS names no folder: the launcher is started by the service that install.sh makes.');
const versions = new Versions(folder);
const trialMs = Number(process.env.HEARTHCAST_TRIAL_MS ?? TRIAL_MS);

let child: ChildProcess | null = null;
let stopping = false;

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (signal !== 'SIGHUP') stopping = true;
    child?.kill(signal);
  });
}

const say = (text: string) => process.stdout.write(`launcher: ${text}\n`);

/** Runs the current version once. Resolves with its exit code, or null when it was put away during its trial. */
async function runOnce(version: string): Promise<number | null> {
  const { trial } = versions.state();
  versions.clearHealthy();
  const agent = join(versions.folder, 'current', 'agent.mjs');
  child = spawn(process.execPath, [...NODE_FLAGS, agent, 'run', ...process.argv.slice(2)], { stdio: 'inherit' });
  const running = child;
  const exited = new Promise<number>((resolve) => {
    running.once('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
    running.once('error', () => resolve(1));
  });
  if (!trial) return await exited;
  const proved = await Promise.race([exited.then(() => false), provesItself(version, running)]);
  if (stopping) return await exited;
  if (proved) {
    versions.accept(new Date().toISOString());
    say(`${version} has come up`);
    return await exited;
  }
  say(`${version} has not come up: going back to ${trial.from}`);
  running.kill('SIGTERM');
  const late = setTimeout(() => running.kill('SIGKILL'), GRACE_MS);
  await exited;
  clearTimeout(late);
  versions.goBack(new Date().toISOString());
  return null;
}

/** True as soon as the version says that it has come up, false when its time is over or it is gone. */
async function provesItself(version: string, running: ChildProcess): Promise<boolean> {
  const until = Date.now() + trialMs;
  while (Date.now() < until && running.exitCode === null) {
    if (versions.healthy(version)) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}

for (;;) {
  const version = versions.current();
  if (!version) throw new Error(`there is no current version below ${folder}: run install.sh again.`);
  const code = await runOnce(version);
  if (stopping) process.exit(0);
  if (code !== null && code !== RESTART_EXIT) process.exit(code);
}
