import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Root } from './roots.ts';
import { merged, type ScanOrder } from './scan-order.ts';

/** A network share that is away answers after minutes: the others' scans do not wait for it. */
const DEVICE_WAIT_MS = 2000;

/** Disks that are read at once: each reader is a thread with a heap of its own. */
const MAX_DISKS = 3;

export interface ScanQueueOptions {
  roots: readonly Root[];
  /** Scans one root; the signal aborts when somebody stops it. Never rejects. */
  scan(root: Root, order: ScanOrder, signal: AbortSignal): Promise<void>;
  /** Ends everything. */
  signal: AbortSignal;
}

interface Running {
  device: string;
  stop: AbortController;
}

/** Runs the scans that are wanted: one at a time on a disk, several disks side by side, one a root in waiting. */
export class ScanQueue implements AsyncDisposable {
  readonly #options: ScanQueueOptions;
  readonly #waiting = new Map<string, ScanOrder>();
  readonly #running = new Map<string, Running>();
  #starting = false;
  #news = false;
  #idle = Promise.withResolvers<void>();

  constructor(options: ScanQueueOptions) {
    this.#options = options;
    this.#idle.resolve();
  }

  /** Scans a root now or when its disk is free. The answer is the order that will do it. */
  request(root: string, order: ScanOrder): ScanOrder {
    const waiting = this.#waiting.get(root);
    const wanted = waiting ? merged(waiting, order) : order;
    if (this.#options.signal.aborted) return wanted;
    if (!this.isBusy()) this.#idle = Promise.withResolvers();
    this.#waiting.set(root, wanted);
    void this.#start();
    return wanted;
  }

  /** Stops the scan of a root that runs, and forgets the one that waits. False where there was none. */
  stop(root: string): boolean {
    const running = this.#running.get(root);
    running?.stop.abort();
    const waited = this.#waiting.delete(root);
    this.#settle();
    return running !== undefined || waited;
  }

  /** Whether a root, or any, is scanned or waits for it. */
  isBusy(root?: string): boolean {
    if (root !== undefined) return this.#running.has(root) || this.#waiting.has(root);
    return this.#running.size + this.#waiting.size > 0;
  }

  /** Resolves when nothing runs or waits. */
  idle(): Promise<void> {
    return this.#idle.promise;
  }

  /** Starts what can start. Asking for devices takes time: one such round at once. */
  async #start(): Promise<void> {
    this.#news = true;
    if (this.#starting) return;
    this.#starting = true;
    // The caller goes on first, so that a scan never begins inside somebody's constructor.
    await Promise.resolve();
    while (this.#news) {
      this.#news = false;
      const next = await this.#next();
      if (next) this.#run(next.root, next.order, next.device);
      // What comes while a disk is asked for finds the round under way, and begins another one.
      this.#news ||= next !== null;
    }
    this.#starting = false;
    this.#settle();
  }

  async #next(): Promise<{ root: Root; order: ScanOrder; device: string } | null> {
    for (const id of [...this.#waiting.keys()]) {
      if (this.#options.signal.aborted) this.#waiting.clear();
      if (this.#running.size >= MAX_DISKS) return null;
      const root = this.#options.roots.find((candidate) => candidate.id === id);
      const device = root ? await deviceOf(root.path) : '';
      const order = this.#waiting.get(id);
      if (!order) continue;
      if (!root) this.#waiting.delete(id);
      else if (!this.#running.has(id) && ![...this.#running.values()].some((other) => other.device === device)) {
        this.#waiting.delete(id);
        return { root, order, device };
      }
    }
    return null;
  }

  #run(root: Root, order: ScanOrder, device: string): void {
    const stop = new AbortController();
    this.#running.set(root.id, { device, stop });
    const signal = AbortSignal.any([this.#options.signal, stop.signal]);
    void this.#options.scan(root, order, signal).finally(() => {
      this.#running.delete(root.id);
      void this.#start();
    });
  }

  #settle(): void {
    if (!this.isBusy()) this.#idle.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#waiting.clear();
    for (const { stop } of this.#running.values()) stop.abort();
    this.#settle();
    await this.#idle.promise;
  }
}

/** Two folders of one disk share its head; what is not there, or does not answer, is a disk of its own. */
async function deviceOf(path: string): Promise<string> {
  const late = sleep(DEVICE_WAIT_MS, path, { ref: false });
  const device = stat(path).then(
    ({ dev }) => String(dev),
    () => path,
  );
  return await Promise.race([device, late]);
}
