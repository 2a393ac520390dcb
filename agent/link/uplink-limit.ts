/** What may leave at once: a quarter of a second of the limit, so that viewers take turns often. */
const BURST_S = 0.25;

interface Waiter {
  bytes: number;
  go: () => void;
}

/**
 * A limit on what all viewers together take of the site's uplink. Viewers take turns: one with many requests
 * waits as long for each of his turns as one with a single request.
 */
export class UplinkLimit {
  #bytesPerSecond: number | null;
  readonly #queues = new Map<string, Waiter[]>();
  #tokens = 0;
  #at = performance.now();
  #timer: NodeJS.Timeout | null = null;

  /** Null is no limit. */
  constructor(bytesPerSecond: number | null) {
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Another limit from now on; who waits is served by it. */
  set(bytesPerSecond: number | null): void {
    this.#bytesPerSecond = bytesPerSecond;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#serve();
  }

  /** Resolves when so many bytes of a viewer may leave. Rejects when the signal aborts before. */
  admit(viewer: string, bytes: number, signal: AbortSignal): Promise<void> {
    if (this.#bytesPerSecond === null) return Promise.resolve();
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = () => {
        this.#leave(viewer, waiter);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        bytes,
        go: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
      };
      signal.addEventListener('abort', leave, { once: true });
      const queue = this.#queues.get(viewer);
      if (queue) queue.push(waiter);
      else this.#queues.set(viewer, [waiter]);
      this.#serve();
    });
  }

  #serve(): void {
    const rate = this.#bytesPerSecond ?? Number.POSITIVE_INFINITY;
    const now = performance.now();
    this.#tokens =
      rate === Number.POSITIVE_INFINITY
        ? rate
        : Math.min(rate * BURST_S, this.#tokens + ((now - this.#at) / 1000) * rate);
    this.#at = now;
    // A chunk may take the account below zero: the next one waits until it is paid for.
    while (this.#tokens > 0) {
      const next = this.#nextTurn();
      if (!next) return;
      this.#tokens -= next.bytes;
      next.go();
    }
    if (this.#timer || this.#queues.size === 0) return;
    const waitMs = (-this.#tokens / rate) * 1000 + 1;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#serve();
    }, waitMs);
  }

  /** The first in the queue of the viewer whose turn it is; that viewer goes to the end. */
  #nextTurn(): Waiter | null {
    for (const [viewer, queue] of this.#queues) {
      this.#queues.delete(viewer);
      const waiter = queue.shift();
      if (queue.length > 0) this.#queues.set(viewer, queue);
      if (waiter) return waiter;
    }
    return null;
  }

  #leave(viewer: string, waiter: Waiter): void {
    const queue = this.#queues.get(viewer)?.filter((other) => other !== waiter) ?? [];
    if (queue.length > 0) this.#queues.set(viewer, queue);
    else this.#queues.delete(viewer);
  }
}
