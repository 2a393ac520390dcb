import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pino from 'pino';
import { enrol, type Identity, loadIdentity } from '../../agent/link/identity.ts';
import { type Link, type LinkOptions, openLink } from '../../agent/link/link.ts';
import { type FilmHandlers, filmHandlers, writeFilm } from './agent-handlers.ts';
import type { TestEdge } from './edge.ts';

export type ProcessOptions = Partial<Pick<LinkOptions, 'edge' | 'partBytes' | 'heartbeat'>>;

/** A machine with one film, enrolled at an edge; its links and processes end with it. */
export class TestAgent implements AsyncDisposable {
  readonly identity: Identity;
  readonly handlers: FilmHandlers;
  readonly film: { path: string; size: number; sha256: string };
  readonly #dataDir: string;
  readonly #edge: TestEdge;
  readonly #links: Link[] = [];
  readonly #processes: ChildProcess[] = [];

  private constructor(dataDir: string, edge: TestEdge, identity: Identity, size: number) {
    this.#dataDir = dataDir;
    this.#edge = edge;
    this.identity = identity;
    const path = join(dataDir, 'film.mp4');
    this.film = { path, size, sha256: writeFilm(path, size) };
    this.handlers = filmHandlers(this.film);
  }

  static async enrol(edge: TestEdge, size: number): Promise<TestAgent> {
    const dataDir = mkdtempSync(join(tmpdir(), 'hearthcast-agent-'));
    const code = await edge.enrolmentCode();
    const identity = await enrol({ edge: edge.origin, code, name: 'test', dataDir });
    return new TestAgent(dataDir, edge, identity, size);
  }

  /** A link in this process, welcomed by the edge. */
  async link(options: Partial<LinkOptions> = {}): Promise<Link> {
    const link = openLink({
      edge: this.#edge.origin,
      identity: loadIdentity(this.#dataDir) ?? this.identity,
      handlers: this.handlers,
      log: pino({ level: 'silent' }),
      signal: new AbortController().signal,
      ...options,
    });
    this.#links.push(link);
    await new Promise<void>((resolve) => link.onConnected(resolve));
    return link;
  }

  /** A link in a process of its own, welcomed by the edge. */
  async process(given: ProcessOptions = {}): Promise<ChildProcess & { said: string[] }> {
    const options = { edge: this.#edge.origin, ...given, dataDir: this.#dataDir, film: this.film };
    const child = spawn(process.execPath, [join(import.meta.dirname, 'agent-main.ts'), JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#processes.push(child);
    const said: string[] = [];
    const lines = createInterface({ input: child.stdout });
    await new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        said.push(line);
        resolve();
      });
    });
    return Object.assign(child, { said });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#processes) {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
    }
    await Promise.all(this.#links.map((link) => link[Symbol.asyncDispose]()));
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
