import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { AgentStatus } from '../../agent/local/status.ts';
import { waitFor } from './household.ts';

/** An agent as install.sh puts it below a folder, its command, and the process that a service would be. */
export class InstalledAgent implements AsyncDisposable {
  readonly site: string;
  readonly command: string;
  #service: ChildProcess | null = null;

  constructor(site: string) {
    this.site = site;
    this.command = join(site, 'bin', 'hearthcast-agent');
  }

  /** Runs the installer as a person does: a script of the server, piped into a shell. */
  async install(edge: string, ...args: string[]): Promise<Outcome> {
    const script = await (await fetch(`${edge}/install.sh`)).text();
    return run('sh', ['-s', '--', '--prefix', this.site, ...args], script);
  }

  /** One command of it, to its end. */
  say(...args: string[]): Promise<Outcome> {
    return run(this.command, args);
  }

  /** Starts what a service would start. Its log is beside the site. */
  serve(): void {
    const log = openSync(`${this.site}.log`, 'a');
    this.#service = spawn(this.command, ['serve'], { stdio: ['ignore', log, log] });
    closeSync(log);
  }

  async status(): Promise<AgentStatus | null> {
    const { text } = await this.say('status', '--json');
    return AgentStatus.safeParse(JSON.parse(text)).data ?? null;
  }

  online(version: string): Promise<AgentStatus> {
    return waitFor(`${version} to be online`, 90_000, async () => {
      const now = await this.status();
      return now?.connected && now.version === version ? now : null;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const service = this.#service;
    this.#service = null;
    if (!service || service.exitCode !== null) return;
    const ended = new Promise((resolve) => service.once('exit', resolve));
    service.kill('SIGTERM');
    await ended;
  }
}

interface Outcome {
  code: number;
  text: string;
}

/** Asynchronous: the edge's door may be in this very process. */
async function run(program: string, args: readonly string[], input = ''): Promise<Outcome> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  // A program that ends before it has read all of it says so by its exit code.
  child.stdin.on('error', () => undefined).end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (exit) => resolve(exit ?? 1));
  });
  return { code, text };
}
