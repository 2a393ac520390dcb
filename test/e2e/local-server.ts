import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT } from '../../scripts/build/paths.ts';

/** A server started as a user starts it: `npm start`'s own script, in a process of its own. */
export interface LocalServer extends AsyncDisposable {
  url: string;
  setupCode: string | undefined;
  pid: number;
  agentPid: number;
  process: ChildProcess;
  /** Everything it wrote to stderr so far. */
  stderr(): string;
  /** Ctrl-C; resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Starts it and waits for the line that says it is ready. Rejects with stderr when it ends before. */
export async function startServer(
  args: readonly string[],
  options: { env?: Record<string, string> } = {},
): Promise<LocalServer> {
  const child = spawn(process.execPath, [join(PROJECT, 'scripts', 'start.mjs'), '--json', ...args], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const line = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    exit.then((code) => Promise.reject(new Error(`it ended with ${code}: ${stderr}`))),
  ]);
  const ready = JSON.parse(line) as { url: string; setupCode?: string; pid: number; agentPid: number };
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    if (child.exitCode === null) child.kill(signal);
    return exit;
  };
  return {
    ...ready,
    setupCode: ready.setupCode,
    process: child,
    stderr: () => stderr,
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** Runs the start to its end, for the mistakes that end it at once. */
export async function runStart(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(PROJECT, 'scripts', 'start.mjs'), ...args], {
    cwd: PROJECT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', (exitCode) => resolve(exitCode)));
  return { code, stderr };
}

export function makeFolder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'hearthcast-e2e-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
