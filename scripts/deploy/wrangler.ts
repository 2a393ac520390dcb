import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PROJECT } from '../build/paths.ts';

const WRANGLER = join(PROJECT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');

/** What is kept of each stream of a command: enough for any list that is parsed. */
const MAX_OUTPUT = 4 * 1024 * 1024;

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A command of wrangler's that failed, with what it said. */
export class WranglerError extends Error {
  readonly said: string;
  constructor(args: readonly string[], ran: Ran) {
    super(`wrangler ${args.slice(0, 3).join(' ')} failed`);
    this.said = `${ran.stdout}\n${ran.stderr}`.trim();
  }
}

export interface RunOptions {
  /** Standard input. */
  input?: string;
  env?: NodeJS.ProcessEnv;
}

/** Cloudflare's command line, as the deployment uses it. */
export abstract class Commands {
  /** Runs a command to its end, whatever its exit code. */
  abstract run(args: readonly string[], options?: RunOptions): Promise<Ran>;

  /** Runs a command at the terminal of the person who deploys, since it asks or opens a browser. */
  abstract attend(args: readonly string[]): Promise<number>;

  /** Runs a command that must succeed. Throws a WranglerError. */
  async must(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const ran = await this.run(args, options);
    if (ran.code !== 0) throw new WranglerError(args, ran);
    return ran.stdout;
  }
}

/** The real one, of the project's own dependencies. */
export class Wrangler extends Commands {
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    super();
    this.#env = { ...env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1', FORCE_COLOR: '0' };
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [WRANGLER, ...args], {
        cwd: PROJECT,
        env: { ...this.#env, ...options.env },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const out = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8').on('data', (text: string) => {
          if (out[stream].length < MAX_OUTPUT) out[stream] += text;
        });
      }
      child.once('error', reject);
      child.once('close', (code) => resolve({ code: code ?? 1, ...out }));
      // A command that has ended already reads nothing more.
      child.stdin.on('error', () => {});
      child.stdin.end(options.input ?? '');
    });
  }

  attend(args: readonly string[]): Promise<number> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [WRANGLER, ...args], {
        cwd: PROJECT,
        env: this.#env,
        stdio: 'inherit',
      });
      child.once('error', reject);
      child.once('close', (code) => resolve(code ?? 1));
    });
  }
}
