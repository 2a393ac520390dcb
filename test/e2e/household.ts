import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrenOf } from '../../scripts/local/instance.ts';
import type { ActiveSession } from '../../shared/api/playback.ts';
import { isAlive, type LocalServer, startServer } from './local-server.ts';
import { Machine, type MachineOptions } from './machine.ts';

export const OWNER = { username: 'Ada', password: 'correct horse battery' };

const POLL_MS = 200;

/** An access token ends after fifteen minutes. */
const TOKEN_LIFE_MS = 10 * 60_000;

interface AgentLine {
  id: string;
  name: string;
  site: { name: string };
  online: boolean;
  videoEncoders: string[];
  slotsUsed: number;
  draining: boolean;
  sessions: number;
}

/** A real edge as `npm start` runs it, and machines on several sites, each a process of its own. */
export class Household implements AsyncDisposable {
  readonly machines: Machine[] = [];
  readonly #folder: string;
  #server: LocalServer;
  #token: { value: string; until: number } | null = null;

  private constructor(folder: string, server: LocalServer) {
    this.#folder = folder;
    this.#server = server;
  }

  static async start(folder: string): Promise<Household> {
    mkdirSync(folder, { recursive: true });
    return new Household(folder, await serve(folder, '0'));
  }

  get url(): string {
    return this.#server.url;
  }

  /** A machine on a site, enrolled with a code that the edge gave for it; `edge` is where it finds the edge. */
  async join(
    name: string,
    site: string,
    films: string,
    flags: readonly string[] = [],
    { edge = this.url, env }: Partial<Pick<MachineOptions, 'edge' | 'env'>> = {},
  ): Promise<Machine> {
    const sites = await this.get<{ items: { id: string; name: string }[] }>('/sites');
    const known = sites.items.find((one) => one.name === site);
    const { id } = known ?? (await this.post<{ id: string }>('/sites', { name: site }));
    const { code } = await this.post<{ code: string }>('/agents/enrolments', { siteId: id });
    const dataDir = join(this.#folder, name);
    const machine = await Machine.start({ name, edge, dataDir, films, code, flags, ...(env ? { env } : {}) });
    this.machines.push(machine);
    return machine;
  }

  machine(name: string): Machine {
    const found = this.machines.find((one) => one.name === name);
    if (!found) throw new Error(`no machine ${name}`);
    return found;
  }

  /** The item of a title, once so many machines have a copy of it. */
  async item(title: string, copies: number): Promise<string> {
    return waitFor(`${title} on ${copies} machines`, 60_000, async () => {
      const { items } = await this.get<{ items: { id: string; title: string }[] }>(`/search?q=${title}`);
      const id = items.find((one) => one.title === title)?.id;
      if (!id) return null;
      return (await this.get<{ copies: unknown[] }>(`/items/${id}`)).copies.length >= copies ? id : null;
    });
  }

  /** All who said that they are watching. */
  async sessions(): Promise<ActiveSession[]> {
    return (await this.get<{ items: ActiveSession[] }>('/sessions')).items;
  }

  async agents(): Promise<AgentLine[]> {
    return (await this.get<{ items: AgentLine[] }>('/agents')).items;
  }

  async allOnline(): Promise<void> {
    await waitFor('all machines online', 60_000, async () => {
      const online = (await this.agents()).filter((agent) => agent.online).map(({ name }) => name);
      return this.machines.every(({ name, linked }) => linked && online.includes(name)) ? true : null;
    });
  }

  /** Ends the edge, politely or not, and starts it again on the same port a while later. */
  async restartEdge(how: 'SIGTERM' | 'SIGKILL', downMs: number): Promise<void> {
    const { port } = new URL(this.url);
    if (how === 'SIGKILL') {
      for (const pid of [...childrenOf(this.#server.pid), this.#server.pid]) process.kill(pid, 'SIGKILL');
      await waitFor('the edge to be gone', 5_000, async () => (isAlive(this.#server.pid) ? null : true));
    }
    await this.#server.stop();
    await sleep(downMs);
    this.#server = await serve(this.#folder, port);
  }

  /** As Prometheus would read them. */
  async metrics(): Promise<string> {
    const headers = { authorization: `Bearer ${await this.#signIn()}` };
    return (await fetch(`${this.url}/metrics`, { headers })).text();
  }

  get<T>(path: string): Promise<T> {
    return this.#call<T>('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('POST', path, body);
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('PUT', path, body);
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await this.#signIn()}` };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${this.url}/api/v1${path}`, { method, headers, ...sent });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? null : await answer.json()) as T;
  }

  async #signIn(): Promise<string> {
    if (this.#token && Date.now() < this.#token.until) return this.#token.value;
    const answer = await fetch(`${this.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(OWNER),
    });
    const { accessToken } = (await answer.json()) as { accessToken: string };
    this.#token = { value: accessToken, until: Date.now() + TOKEN_LIFE_MS };
    return accessToken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const machine of this.machines) await machine[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }
}

/** Asks until there is an answer. Throws what it was waiting for. */
export async function waitFor<T>(what: string, limitMs: number, ask: () => Promise<T | null>): Promise<T> {
  let trouble: unknown = null;
  for (const end = Date.now() + limitMs; Date.now() < end; await sleep(POLL_MS)) {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
    } catch (error) {
      trouble = error;
    }
  }
  throw new Error(`waited ${limitMs} ms in vain for ${what}`, { cause: trouble });
}

function serve(folder: string, port: string): Promise<LocalServer> {
  return startServer(['--data', join(folder, 'edge'), '--port', port, '--no-demo', '--no-agent'], {
    env: { HEARTHCAST_OWNER: OWNER.username, HEARTHCAST_PASSWORD: OWNER.password },
  });
}
