import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { BenchServer } from './server.ts';

/** An agent that sends an endless library, in a process of its own: its work is not the measuring process's. */
export class BulkSync implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when the edge knows the agent. */
  static async enrol(server: BenchServer, dataDir: string): Promise<BulkSync> {
    const { code } = await server.post<{ code: string }>('/api/v1/agents/enrolments', {});
    const child = fork(join(import.meta.dirname, 'workers/bulk-sync-process.ts'), [server.url, code, dataDir]);
    await once(child, 'message');
    return new BulkSync(child);
  }

  /** Sends batches until the signal, and resolves when the last has been answered. */
  async run(signal: AbortSignal): Promise<void> {
    this.#child.send('go');
    if (!signal.aborted) await once(signal, 'abort');
    const stopped = once(this.#child, 'message');
    this.#child.send('stop');
    await stopped;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.disconnect();
    await gone;
  }
}
