import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentStatus } from '../../agent/local/status.ts';
import { waitFor } from './household.ts';

/** How long the service's manager waits before it starts it again. */
const RESTART_MS = 2000;

/** So many characters of its log tell why it did not come up. */
const LOG_END = 3000;

/** An agent as install.sh puts it below a folder, its command, and the process that a service would be. */
export class InstalledAgent implements AsyncDisposable {
  readonly site: string;
  readonly command: string;
  readonly #log: string;
  #service: ChildProcess | null = null;
  #restart: NodeJS.Timeout | undefined;

  constructor(site: string) {
    this.site = site;
    this.command = join(site, 'bin', 'hearthcast-agent');
    this.#log = `${site}.log`;
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

  /** Starts what a service would start, and starts it again where it ends, as a service manager does. */
  serve(): void {
    const log = openSync(this.#log, 'a');
    const service = spawn(this.command, ['serve'], { stdio: ['ignore', log, log] });
    closeSync(log);
    this.#service = service;
    service.once('exit', (code, signal) => {
      if (this.#service !== service) return;
      appendFileSync(this.#log, `the service ended with ${signal ?? code}\n`);
      this.#restart = setTimeout(() => this.serve(), RESTART_MS);
    });
  }

  async status(): Promise<AgentStatus | null> {
    const { text } = await this.say('status', '--json');
    return AgentStatus.safeParse(JSON.parse(text)).data ?? null;
  }

  async online(version: string): Promise<AgentStatus> {
    try {
      return await waitFor(`${version} to be online`, 120_000, async () => {
        const now = await this.status();
        return now?.connected && now.version === version ? now : null;
      });
    } catch (error) {
      throw new Error(`its log ends with\n${readFileSync(this.#log, 'utf8').slice(-LOG_END)}`, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const service = this.#service;
    this.#service = null;
    clearTimeout(this.#restart);
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
