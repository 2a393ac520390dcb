import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT } from '../../scripts/build/paths.ts';
import { childrenOf } from '../../scripts/local/instance.ts';
import { type Cable, layCable } from './cable.ts';

export interface MachineOptions {
  name: string;
  edge: string;
  /** Of this machine alone: identity, index, cache, log. */
  dataDir: string;
  films: string;
  code: string;
  /** Options of `run` beside these. */
  flags?: readonly string[];
  /** Beside this process's own environment. */
  env?: Record<string, string>;
}

/** A machine of a household: the real agent in a process of its own, at the end of a cable of its own. */
export class Machine implements AsyncDisposable {
  readonly name: string;
  readonly cable: Cable;
  readonly #options: MachineOptions;
  #child: ChildProcess | null = null;
  #linked = false;
  #orphans: { pid: number; begun: string }[] = [];

  private constructor(options: MachineOptions, cable: Cable) {
    this.name = options.name;
    this.#options = options;
    this.cable = cable;
  }

  static async start(options: MachineOptions): Promise<Machine> {
    const machine = new Machine(options, await layCable(options.edge));
    machine.power();
    return machine;
  }

  /** Whether this run of its agent has reached the edge: people hear ten seconds late that a machine is gone. */
  get linked(): boolean {
    return this.#linked;
  }

  /** Starts the agent, if it does not run. */
  power(): void {
    if (this.#child) return;
    const { name, dataDir, films, code, flags = [], env = {} } = this.#options;
    const args = ['run', '--json', '--log-level', 'debug', '--exit-with-parent', '--edge', this.cable.origin];
    args.push('--data', dataDir, '--root', `Movies=${films}`, '--code', code, '--name', name, ...flags);
    const child = spawn(process.execPath, [join(PROJECT, 'agent', 'cli.ts'), ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#linked = false;
    const log = (line: string) => {
      appendFileSync(`${dataDir}.log`, `${line}\n`);
      if (line.includes('"linked to the edge"')) this.#linked = true;
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', log);
    child.once('exit', (code, signal) => {
      log(`exit ${code} ${signal}`);
      if (this.#child === child) this.#child = null;
    });
    this.#child = child;
  }

  /** ffmpeg processes that this machine has started: running ones, and what a killed agent left behind. */
  ffmpegs(): number[] {
    return [...(this.#child?.pid ? childrenOf(this.#child.pid) : []), ...this.leftBehind()];
  }

  /** What was running when this machine's agent was killed, and runs still: another process may have its number by now. */
  leftBehind(): number[] {
    return this.#orphans.filter(({ pid, begun }) => begun !== '' && begunAt(pid) === begun).map(({ pid }) => pid);
  }

  /** `SIGKILL`, `SIGSTOP`, `SIGCONT` or `SIGTERM`. Resolves at once, but after the end of what it kills. */
  async signal(name: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child?.pid) return;
    if (name === 'SIGKILL') this.#orphans.push(...childrenOf(child.pid).map((pid) => ({ pid, begun: begunAt(pid) })));
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(name);
    if (name === 'SIGKILL' || name === 'SIGTERM') await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child) {
      child.kill('SIGCONT');
      await this.signal('SIGKILL');
    }
    await this.cable[Symbol.asyncDispose]();
  }
}

/** When a process began; empty where there is none. */
function begunAt(pid: number): string {
  return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}
