import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf } from '../../scripts/local/instance.ts';
import { SMALL } from '../../scripts/setup/dependencies.mjs';
import type { PlayAnswer } from '../../shared/api/playback.ts';
import { CHROMIUM } from './device.ts';

const OWNER = { HEARTHCAST_OWNER: 'bench', HEARTHCAST_PASSWORD: 'bench-password' };

/** How often and how long a benchmark waits for a scan. */
const POLL_MS = 200;
const SCAN_LIMIT_MS = 120_000;

/** The whole, edge and agent, as `npm start` runs it, with an owner who is signed in. */
export class BenchServer implements AsyncDisposable {
  readonly url: string;
  readonly agentPid: number;
  readonly #child: ChildProcess;
  readonly #token: string;
  #items: Map<string, string> | null = null;

  private constructor(url: string, agentPid: number, child: ChildProcess, token: string) {
    this.url = url;
    this.agentPid = agentPid;
    this.#child = child;
    this.#token = token;
  }

  /** `preload` is loaded before the start itself. */
  static async start(dataDir: string, args: readonly string[], preload?: string): Promise<BenchServer> {
    const child = spawn(
      process.execPath,
      [
        ...SMALL.flags,
        ...(preload === undefined ? [] : ['--import', preload]),
        'scripts/local/main.ts',
        '--json',
        '--port',
        '0',
        '--data',
        dataDir,
        ...args,
      ],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, ...SMALL.env, ...OWNER },
      },
    );
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      child.once('exit', (code) => reject(new Error(`the start ended with ${code}`)));
    });
    const { url, agentPid } = JSON.parse(line) as { url: string; agentPid: number };
    const credentials = { username: OWNER.HEARTHCAST_OWNER, password: OWNER.HEARTHCAST_PASSWORD, delivery: 'body' };
    const { accessToken } = await json<{ accessToken: string }>(await post(`${url}/api/v1/auth/login`, credentials));
    return new BenchServer(url, agentPid, child, accessToken);
  }

  async get<T>(path: string): Promise<T> {
    return json<T>(await fetch(this.url + path, { headers: { authorization: `Bearer ${this.#token}` } }));
  }

  async post<T>(path: string, body: unknown): Promise<T> {
    return json<T>(await post(this.url + path, body, this.#token));
  }

  /** Ids by title, once the library holds them all. */
  async waitForItems(titles: readonly string[]): Promise<Map<string, string>> {
    for (const end = Date.now() + SCAN_LIMIT_MS; Date.now() < end; await sleep(POLL_MS)) {
      const found = new Map<string, string>();
      const { items: libraries } = await this.get<{ items: { id: string }[] }>('/api/v1/libraries');
      for (const library of libraries) {
        const page = await this.get<{ items: { id: string; title: string }[] }>(
          `/api/v1/libraries/${library.id}/items`,
        );
        for (const item of page.items) found.set(item.title, item.id);
      }
      if (titles.every((title) => found.has(title))) return found;
    }
    throw new Error(`the scan did not find ${titles.join(', ')}`);
  }

  /** The absolute address of a film that plays as it is. */
  async playDirect(title: string): Promise<string> {
    this.#items ??= await this.waitForItems([title]);
    const answer = await this.post<PlayAnswer>(`/api/v1/items/${this.#items.get(title)}/play`, { profile: CHROMIUM });
    if (answer.delivery !== 'file') throw new Error(`${title} plays by ${answer.plan.mode}, not direct`);
    return this.url + answer.url;
  }

  /** Processes of the edge: workerd and the one that holds it. */
  edgePids(): number[] {
    const pid = this.#child.pid as number;
    return [pid, ...childrenOf(pid).filter((other) => other !== this.agentPid)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill('SIGTERM');
    await new Promise((resolve) => this.#child.once('exit', resolve));
  }
}

function post(url: string, body: unknown, token?: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function json<T>(answer: Response): Promise<T> {
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** Resident memory in MiB, by Linux's /proc. */
export function rssMiB(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(proc(pid, 'status'))?.[1] ?? 0) / 1024;
}

/** Seconds of processor time used so far, by Linux's /proc (100 ticks a second). */
export function cpuSeconds(pid: number): number {
  // The name in brackets may hold spaces: count from behind it.
  const fields = proc(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100;
}

function proc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
