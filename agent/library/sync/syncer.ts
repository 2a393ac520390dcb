import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Claim, SyncBatch, SyncCursor } from '../../../shared/protocol/sync.ts';
import type { LibraryIndex } from '../index/library-index.ts';
import { FIRST_CLAIMS, nextBatchSize } from './batch-size.ts';
import { ALL_RANGES, mendDrift, wholeRangesOf } from './mend-drift.ts';
import { type PostOutcome, postBatch } from './post-batch.ts';
import type { SyncTarget } from './sync-target.ts';

/** The edge stores a batch as one value; those are limited to 2 MB. */
const MAX_BATCH_BYTES = 1_000_000;

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;

/** The edge's time is shared: after each batch it gets as long for others, up to this. */
const MAX_REST_MS = 1000;

/** How often what the edge holds is compared with the index. */
const COMPARE_MS = 24 * 60 * 60 * 1000;

export interface SyncScope {
  /** Ids of this agent's roots. */
  roots: readonly string[];
  /** Whether the index has seen every folder to its end, so that what it does not claim is gone. */
  complete(): boolean;
}

/** Sends what the edge lacks of the index, in order and each revision once in effect. */
export class Syncer implements AsyncDisposable {
  readonly #index: LibraryIndex;
  readonly #log: Logger;
  readonly #scope: SyncScope;
  readonly #stop = new AbortController();
  #target: SyncTarget | null = null;
  #targetSignal: AbortSignal = AbortSignal.abort();
  #running: Promise<void> | null = null;
  #claims = FIRST_CLAIMS;
  /** Asked for by a full scan: what the files hold is compared, too. */
  #compareNow: 'digests' | 'whole' | null = null;
  #wake = new AbortController();

  constructor(index: LibraryIndex, log: Logger, scope: SyncScope) {
    this.#index = index;
    this.#log = log;
    this.#scope = scope;
  }

  /** Sends until the edge has everything, to this target from now on. Resolves early when either signal aborts. */
  sync(target: SyncTarget, signal: AbortSignal): Promise<void> {
    this.#target = target;
    this.#targetSignal = signal;
    // A retry that waits for its turn is not needed any more: the edge was just reached.
    this.#wake.abort();
    return this.kick();
  }

  /** The same to the last target; nothing when there is none yet. */
  kick(): Promise<void> {
    if (!this.#target || this.#targetSignal.aborted || this.#stop.signal.aborted) return Promise.resolve();
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /**
   * Compares all that the edge holds with the index once everything is sent, and sends what differs. By its digests; or
   * whole, for which every file is claimed again and the edge looks.
   */
  compare(how: 'digests' | 'whole' = 'digests'): Promise<void> {
    if (this.#compareNow !== 'whole') this.#compareNow = how;
    return this.kick();
  }

  /** True while there is an edge to tell and something to tell it. */
  get busy(): boolean {
    return this.#target !== null && !this.#targetSignal.aborted && !this.#settled();
  }

  /** The edge has answered for all that the index holds. */
  #settled(): boolean {
    const { revision, said } = this.#cursor();
    return revision === this.#index.revision && said === this.#scope.complete();
  }

  async #run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (this.#target && !(this.#settled() && !this.#comparing())) {
      const signal = AbortSignal.any([this.#targetSignal, this.#stop.signal]);
      if (signal.aborted) return;
      try {
        if (this.#settled()) await this.#compare(this.#target, signal);
        else await this.#step(this.#target, signal);
        retryMs = FIRST_RETRY_MS;
      } catch (error) {
        if (signal.aborted) return;
        this.#log.warn({ err: error, retryMs }, 'The catalog could not be sent to the edge; trying again.');
        this.#wake = new AbortController();
        const woken = AbortSignal.any([signal, this.#wake.signal]);
        await sleep(retryMs * (0.5 + Math.random() / 2), undefined, { signal: woken }).catch(() => {});
        retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
      }
    }
  }

  #comparing(): boolean {
    const at = this.#index.meta(COMPARED);
    // What was just sent for the first time need not be compared.
    if (at === null) this.#index.setMeta(COMPARED, String(Date.now()));
    return this.#compareNow !== null || (at !== null && Date.now() - Number(at) >= COMPARE_MS);
  }

  async #compare(target: SyncTarget, signal: AbortSignal): Promise<void> {
    const { revision: sentTo } = this.#cursor();
    const how = this.#compareNow;
    const today = wholeRangesOf(Math.floor(Date.now() / COMPARE_MS));
    const whole = how === 'whole' ? ALL_RANGES : how === 'digests' ? new Set<number>() : today;
    this.#compareNow = null;
    try {
      const drift = await mendDrift({ index: this.#index, roots: this.#scope.roots, target, sentTo, whole, signal });
      if (drift && drift.ranges > 0) this.#log.warn(drift, 'The edge held other files than the index; they are sent.');
    } catch (error) {
      this.#compareNow = how ?? 'digests';
      throw error;
    }
    this.#index.setMeta(COMPARED, String(Date.now()));
  }

  async #step(target: SyncTarget, signal: AbortSignal): Promise<void> {
    const batch = this.#nextBatch();
    const outcome = await postBatch(target, batch, signal);
    switch (outcome.kind) {
      case 'applied':
        this.#moveTo(outcome.cursor, batch.complete);
        this.#claims = nextBatchSize(this.#claims, outcome.tookMs);
        // Waiting is only for the sake of others while there is more to send.
        if (!this.#settled()) await sleep(Math.min(MAX_REST_MS, outcome.tookMs), undefined, { signal });
        break;
      case 'mismatch':
        this.#correct(batch, outcome);
        break;
      case 'refused':
        if (this.#claims === 1) throw new Error(`The edge refuses a claim: ${outcome.detail}`);
        this.#claims = Math.max(1, Math.floor(batch.claims.length / 2));
        break;
      default:
        outcome satisfies never;
    }
  }

  #nextBatch(): SyncBatch {
    const { revision } = this.#cursor();
    const claims = this.#index.claimsSince(revision, this.#claims, MAX_BATCH_BYTES);
    // Rows that changed again have left their old revisions: a batch that ends the index covers those too.
    const last = claims.length === 0 || claims.at(-1)?.rev === this.#index.revision;
    const toRevision = last ? this.#index.revision : (claims.at(-1) as Claim).rev;
    return {
      epoch: this.#index.epoch,
      fromRevision: revision,
      toRevision,
      claims,
      complete: last && this.#scope.complete(),
    };
  }

  /** The edge knows better where it is. */
  #correct(batch: SyncBatch, { cursor }: Extract<PostOutcome, { kind: 'mismatch' }>): void {
    const ours = cursor.epoch === batch.epoch;
    const ahead = ours && cursor.revision > this.#index.revision;
    const left = !ours && batch.fromRevision === 0;
    if (ahead || left) {
      this.#log.warn('The edge knows another history of this index (it was restored or copied): all is sent again.');
      this.#index.renewEpoch();
    }
    this.#moveTo(ours && !ahead ? cursor : { epoch: this.#index.epoch, revision: 0 }, false);
  }

  #moveTo({ revision }: SyncCursor, said: boolean): void {
    this.#index.setMeta(CURSOR, JSON.stringify({ epoch: this.#index.epoch, revision, said }));
  }

  /** Where the edge was when it last answered. Only a guess to begin with: the edge's own cursor decides. */
  #cursor(): { revision: number; said: boolean } {
    const stored = JSON.parse(this.#index.meta(CURSOR) ?? 'null') as {
      epoch: string;
      revision: number;
      said: boolean;
    } | null;
    return stored?.epoch === this.#index.epoch ? stored : { revision: 0, said: false };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running?.catch(() => {});
  }
}

const CURSOR = 'edge-cursor';
const COMPARED = 'edge-compared';
