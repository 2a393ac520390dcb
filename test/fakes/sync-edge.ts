import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HearthcastError } from '../../shared/errors.ts';
import {
  DigestQuery,
  digestedClaim,
  hashOfFile,
  hexOf,
  RangeQuery,
  RangeSums,
  rangeOf,
} from '../../shared/protocol/digest.ts';
import { type Claim, SyncBatch, type SyncCursor } from '../../shared/protocol/sync.ts';

/** What goes wrong with the next request. */
export type Fault = 'lose-answer' | 'drop' | 'unavailable' | 'unauthenticated';

/**
 * The edge as far as a sync sees it: it applies a batch only where it continues the cursor, as the real one
 * does in one transaction, and can fail in each of the ways that a network has.
 */
export class SyncEdge implements AsyncDisposable {
  readonly #server: Server;
  /** What it holds, by root and path hash. */
  readonly claims = new Map<string, Claim>();
  readonly #epochs = new Set<string>();
  readonly faults: Fault[] = [];
  readonly batches: SyncBatch[] = [];
  cursor: SyncCursor = { epoch: null, revision: 0 };
  tookMs = 1;
  applied = 0;
  complete = false;
  /** Roots that are in no library. */
  readonly closed = new Set<string>();
  /** Questions for digests; an older edge knows none. */
  compared = 0;
  knowsDigests = true;

  private constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(
        ({ status, body }) =>
          response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
        () => request.socket.destroy(),
      );
    });
  }

  static async open(): Promise<SyncEdge> {
    const edge = new SyncEdge();
    edge.#server.listen(0, '127.0.0.1');
    await once(edge.#server, 'listening');
    return edge;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Paths that are present or a problem, in order. */
  paths(): string[] {
    return [...this.claims.values()].flatMap((claim) => (claim.state === 'gone' ? [] : [claim.path])).sort();
  }

  /** As after a restore of the database from a copy. */
  rewind(cursor: SyncCursor): void {
    this.cursor = cursor;
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const fault = this.faults.shift();
    if (fault === 'drop') throw new Error('dropped');
    if (fault === 'unavailable') return { status: 503, body: {} };
    if (fault === 'unauthenticated' || !/^Bearer \S+$/.test(request.headers.authorization ?? '')) {
      return { status: 401, body: new HearthcastError('unauthenticated').toProblem() };
    }
    const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (request.url?.startsWith('/agent/v1/digest')) return this.#digest(request.url, body);
    const batch = SyncBatch.parse(body);
    this.batches.push(batch);
    if (!this.#continues(batch)) {
      return { status: 409, body: { ...new HearthcastError('cursor-mismatch').toProblem(), cursor: this.cursor } };
    }
    this.#apply(batch);
    if (fault === 'lose-answer') throw new Error('lost');
    return { status: 200, body: { cursor: this.cursor, tookMs: this.tookMs } };
  }

  /** Ranges by tens, and files one by one: every answer has a next. */
  #digest(path: string, body: unknown): { status: number; body: unknown } {
    this.compared++;
    if (!this.knowsDigests) return { status: 404, body: new HearthcastError('not-found').toProblem() };
    const live = [...this.claims.values()].flatMap((claim) => {
      const file = digestedClaim(claim);
      return file ? [{ root: claim.root, file }] : [];
    });
    const took = { tookMs: 0 };
    if (path.endsWith('/range')) {
      const { root, range, after } = RangeQuery.parse(body);
      const files = live
        .filter((one) => one.root === root && rangeOf(one.file.pathHash) === range)
        .map(({ file }) => [file.pathHash, hexOf(hashOfFile(file))] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .filter(([hash]) => after === null || hash > after);
      return { status: 200, body: { files: files.slice(0, 1), next: files[1] ? files[0]?.[0] : null, ...took } };
    }
    const { root, from } = DigestQuery.parse(body);
    if (this.closed.has(root))
      return { status: 200, body: { roots: [], ranges: [], next: null, closed: true, ...took } };
    const sums = new RangeSums();
    const to = from + 10;
    for (const one of live) {
      const range = rangeOf(one.file.pathHash);
      if (one.root === root && range >= from && range < to) sums.add(one.file);
    }
    const roots = [...new Set(live.map((one) => one.root))];
    return { status: 200, body: { roots, ranges: sums.ranges(), next: to < 256 ? to : null, ...took } };
  }

  #continues({ epoch, fromRevision }: SyncBatch): boolean {
    if (epoch === this.cursor.epoch) return fromRevision === this.cursor.revision;
    return fromRevision === 0 && !this.#epochs.has(epoch);
  }

  #apply({ epoch, toRevision, claims, complete }: SyncBatch): void {
    if (epoch !== this.cursor.epoch) this.claims.clear();
    this.#epochs.add(epoch);
    this.cursor = { epoch, revision: toRevision };
    this.complete = complete;
    this.applied += claims.length;
    for (const claim of claims) this.claims.set(`${claim.root}/${claim.pathHash}`, claim);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
