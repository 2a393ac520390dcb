/** Long enough that what the machine's own buffers swallow at a body's start does not count for much. */
const WINDOW_MS = 5_000;

/** How long a measured rate is believed. */
const MEMORY_MS = 10 * 60_000;

interface Window {
  startedAt: number;
  bytes: number;
  /** Milliseconds that each viewer's bytes waited for the connection to take them. */
  waited: Map<string, number>;
}

/**
 * What the site's line carries, learned from what it carried. It is the best of the last ten minutes, since a
 * viewer who takes little says nothing of the line. It falls only when several viewers at once were held
 * back: a slow viewer holds back himself, a slow line holds back all.
 */
export class UplinkMeter {
  #window: Window | null = null;
  #samples: { at: number; rate: number; proof: boolean }[] = [];
  #estimate: number | null = null;

  /** Bytes of a viewer left, and the connection took so long to take them. Times in milliseconds. */
  moved(viewer: string, bytes: number, tookMs: number, now: number): void {
    this.#window ??= { startedAt: now - tookMs, bytes: 0, waited: new Map() };
    this.#window.bytes += bytes;
    this.#window.waited.set(viewer, (this.#window.waited.get(viewer) ?? 0) + tookMs);
    if (now - this.#window.startedAt >= WINDOW_MS) this.#close(this.#window, now);
  }

  /** The line was measured while nothing flowed: that is what it carries, be it more or less than was seen before. */
  measured(rate: number, now: number): void {
    this.#window = null;
    this.#samples = [{ at: now, rate, proof: true }];
    this.#estimate = rate;
  }

  /** Bytes a second, or null before the line was busy for a while. */
  estimate(): number | null {
    return this.#estimate;
  }

  #close(window: Window, now: number): void {
    this.#window = null;
    const elapsed = now - window.startedAt;
    // A pause in between: what moved after it belongs to another time.
    if (elapsed > 2 * WINDOW_MS) return;
    const heldBack = [...window.waited.values()].filter((ms) => ms >= WINDOW_MS / 2).length;
    const sample = { at: now, rate: Math.round((window.bytes / elapsed) * 1000), proof: heldBack >= 2 };
    this.#samples = [...this.#samples.filter(({ at }) => now - at < MEMORY_MS), sample];
    const best = Math.max(...this.#samples.map(({ rate }) => rate));
    const proven = this.#samples.some(({ proof }) => proof);
    if (this.#estimate === null || best > this.#estimate || proven) this.#estimate = best;
  }
}
