import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT } from '../build/paths.ts';

/**
 * As in the first line of agent/cli.ts: what a scan reads is short-lived, and more room for it only grows the process,
 * which is a fifth smaller where V8 is told that size matters.
 */
const NODE_FLAGS = ['--max-semi-space-size=4', '--optimize-for-size'];

/** A crashed agent is started again after these, growing; a minute of life starts over. */
const RESTART_MS = [500, 1000, 2000, 5000, 10_000] as const;
const HEALTHY_MS = 60_000;

/** SIGTERM first, so that it ends its sessions; SIGKILL when it has not left by then. */
const GRACE_MS = 1500;

export interface AgentOptions {
  edge: string;
  dataDir: string;
  enrolmentCode: string;
  roots: { library: string; path: string }[];
  env: NodeJS.ProcessEnv;
  /** A line that the agent logs (JSON). */
  onLog: (line: string) => void;
  onRestart: (inMs: number) => void;
  onStart: (pid: number) => void;
}

/** The agent beside a local edge, as a process of its own that is started again when it dies. */
export class AgentProcess implements AsyncDisposable {
  readonly #options: AgentOptions;
  #child: ChildProcess | null = null;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #failures = 0;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#start();
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  #start(): void {
    const { edge, dataDir, enrolmentCode, roots, env, onLog, onStart } = this.#options;
    const args = ['run', '--json', '--exit-with-parent', '--edge', edge, '--data', dataDir];
    for (const root of roots) args.push('--root', `${root.library}=${root.path}`);
    const startedAt = Date.now();
    // stdin stays open and empty: its end tells the agent that this process is gone, SIGKILL included.
    const child = spawn(process.execPath, [...NODE_FLAGS, join(PROJECT, 'agent', 'cli.ts'), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // Not as an argument: those are in every user's list of processes.
      env: { ...env, HEARTHCAST_CODE: enrolmentCode },
    });
    this.#child = child;
    if (child.pid) onStart(child.pid);
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', onLog);
    child.once('exit', () => {
      this.#child = null;
      if (this.#stopped) return;
      this.#failures = Date.now() - startedAt > HEALTHY_MS ? 0 : this.#failures + 1;
      const wait = RESTART_MS[Math.min(this.#failures, RESTART_MS.length) - 1] ?? RESTART_MS[0];
      this.#options.onRestart(wait);
      this.#timer = setTimeout(() => this.#start(), wait);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    await gone;
    clearTimeout(timer);
  }
}
