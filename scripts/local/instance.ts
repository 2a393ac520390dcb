import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UsageError } from './options.ts';

const Instance = z.object({ pid: z.number().int(), port: z.number().int(), children: z.array(z.number().int()) });

/** The commands of what this start leaves behind when it is killed. */
const OURS = /workerd|agent\/cli\.ts/;

/** How often and how long a killed process is waited for: its port is free only when it is gone. */
const GONE_POLL_MS = 50;
const GONE_LIMIT_MS = 3000;

/** The mark of a running instance in its data folder; two at once would corrupt it. */
export class InstanceFile {
  readonly #file: string;
  #children: number[] = [];
  readonly #port: number;

  private constructor(file: string, port: number) {
    this.#file = file;
    this.#port = port;
  }

  /**
   * Claims the data folder. Throws a UsageError while another instance lives. What a killed one left behind
   * (workerd keeps the port when its parent dies of SIGKILL) is ended first.
   */
  static async claim(dataDir: string, port: number): Promise<InstanceFile> {
    const file = join(dataDir, 'hearthcast.pid');
    const previous = read(file);
    if (previous && commandOf(previous.pid)?.includes('scripts/local/main.ts')) {
      throw new UsageError(
        `Hearthcast is already running on this data folder (process ${previous.pid}, port ${previous.port}). Stop it first, or choose another folder with --data.`,
      );
    }
    for (const child of previous?.children ?? []) {
      // A pid may have been given to somebody else since: only our own kinds of process are ended.
      if (OURS.test(commandOf(child) ?? '')) await end(child);
    }
    const instance = new InstanceFile(file, port);
    instance.#write();
    return instance;
  }

  /** Notes the processes that must not outlive this one. */
  setChildren(pids: number[]): void {
    this.#children = pids;
    this.#write();
  }

  get children(): readonly number[] {
    return this.#children;
  }

  release(): void {
    rmSync(this.#file, { force: true });
  }

  #write(): void {
    writeFileSync(this.#file, JSON.stringify({ pid: process.pid, port: this.#port, children: this.#children }));
  }
}

async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  for (let waited = 0; waited < GONE_LIMIT_MS && commandOf(pid); waited += GONE_POLL_MS) await sleep(GONE_POLL_MS);
}

/** Processes whose parent is the given one, by the system's own list. */
export function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child as number);
}

function commandOf(pid: number): string | null {
  const { stdout, status } = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}

function read(file: string): z.infer<typeof Instance> | null {
  try {
    return Instance.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // None, or one that was cut off by a crash: nothing to clean up by it.
    return null;
  }
}
