import { createHash, randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { enrol } from '../../agent/link/identity.ts';
import { type Link, openLink } from '../../agent/link/link.ts';
import { MAX_BATCH_CLAIMS, type SyncBatch } from '../../shared/protocol/sync.ts';
import { filmHandlers } from '../fakes/agent-handlers.ts';
import type { BenchServer } from './server.ts';

const MEDIA = {
  ...{ container: 'mkv', durationMs: 5_400_000, startTime: 0, bitrate: 8e6 },
  ...{ video: [], audio: [], subtitles: [], chapters: [] },
};

const ROOT = { id: 'bulk', name: 'Bulk', library: 'Bulk', state: 'ok' as const };

const hex = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** An agent with an endless library: it enrols as any machine does, and sends full batches one after the other. */
export class BulkSync implements AsyncDisposable {
  readonly #url: string;
  readonly #link: Link;
  readonly #epoch = randomUUID().replaceAll('-', '').slice(0, 32);
  #revision = 0;

  private constructor(url: string, link: Link) {
    this.#url = url;
    this.#link = link;
  }

  /** Resolves when the edge knows its root. */
  static async enrol(server: BenchServer, dataDir: string): Promise<BulkSync> {
    const { code } = await server.post<{ code: string }>('/api/v1/agents/enrolments', {});
    const identity = await enrol({ edge: server.url, code, name: 'bulk', dataDir });
    const base = filmHandlers({ path: '/dev/null', size: 0 });
    const handlers = { ...base, state: () => ({ ...base.state(), roots: [ROOT] }) };
    const log = pino({ level: 'silent' });
    const link = openLink({ edge: server.url, identity, handlers, log, signal: new AbortController().signal });
    await new Promise<void>((resolve) => link.onConnected(resolve));
    return new BulkSync(server.url, link);
  }

  /** Sends batches until the signal; answers how many claims the edge took. */
  async run(signal: AbortSignal): Promise<number> {
    let claims = 0;
    while (!signal.aborted) {
      const batch = this.#batch();
      const token = await this.#link.token();
      const answer = await fetch(`${this.#url}/agent/v1/sync`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(batch),
      });
      if (!answer.ok) throw new Error(`the sync was refused: ${await answer.text()}`);
      await answer.body?.cancel();
      this.#revision = batch.toRevision;
      claims += batch.claims.length;
    }
    return claims;
  }

  #batch(): SyncBatch {
    const fromRevision = this.#revision;
    const claims = Array.from({ length: MAX_BATCH_CLAIMS }, (_, i) => {
      const rev = fromRevision + i + 1;
      const path = `Bulk film ${rev} (2001).mkv`;
      return {
        ...{ state: 'present' as const, root: 'bulk', pathHash: hex(path), rev, path, size: 1e9, mtimeMs: 1e12 + rev },
        ...{ fingerprint: hex(`f${path}`), media: MEDIA, artwork: {} },
        work: { kind: 'movie' as const, title: `Bulk film ${rev}`, year: 2001 },
      };
    });
    return { epoch: this.#epoch, fromRevision, toRevision: fromRevision + claims.length, claims, complete: false };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link[Symbol.asyncDispose]();
  }
}
