import type { DirectWay } from '../../../../shared/api/playback.ts';
import type { DirectAddress } from '../../../../shared/protocol/direct.ts';
import type { Found } from './probe.ts';

/** After a failure the machine is looked for again; each time twice as late, since it may have left for good. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;

/** Where a machine was out of reach a while ago, nobody waits for it again. */
const DOUBTFUL_MS = 50;

/** What the viewer is shown of the way. */
export interface DirectState {
  /** Null: the bytes come by the server. */
  address: DirectAddress | null;
  /** The browser would ask before it lets this page reach the machine. */
  asks: boolean;
}

export interface RouteDeps {
  /** The way to the machine that serves the session now; null where it has none. May reject. */
  refresh(): Promise<DirectWay | null>;
  /** Never rejects. */
  probe(way: DirectWay, mayAsk: boolean, signal: AbortSignal): Promise<Found>;
  /** Whether this machine was out of reach when it was looked for last. */
  doubtful: boolean;
  /** Whether the viewer has said once that the browser may ask. */
  mayAsk: boolean;
  onState(state: DirectState): void;
}

/**
 * Where a session's bytes are fetched: at its machine itself while that works, else at the server. A failure counts at
 * once for the next request; the machine is then looked for again in the background.
 */
export class DirectRoute {
  readonly #deps: RouteDeps;
  readonly #stop = new AbortController();
  #way: DirectWay | null;
  #address: DirectAddress | null = null;
  #mayAsk: boolean;
  #failures = 0;
  #looking: Promise<void> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(way: DirectWay | null, deps: RouteDeps) {
    this.#deps = deps;
    this.#way = way;
    this.#mayAsk = deps.mayAsk;
    if (way) void this.#look();
  }

  get closed(): AbortSignal {
    return this.#stop.signal;
  }

  /** Resolves when the first look for the machine is over, or after so many ms. */
  async ready(limitMs: number): Promise<void> {
    if (!this.#looking) return;
    const limit = this.#deps.doubtful ? Math.min(DOUBTFUL_MS, limitMs) : limitMs;
    await Promise.race([this.#looking, new Promise((resolve) => setTimeout(resolve, limit))]);
  }

  /** The machine's own address for something below the session's ticket, or null where the server is asked. */
  at(name: string): { url: string; address: DirectAddress } | null {
    if (!this.#way || !this.#address) return null;
    return { url: `${this.#address.url}${this.#way.media}/${name}`, address: this.#address };
  }

  /** Bytes have come by an address. */
  worked(): void {
    this.#failures = 0;
  }

  /** An address did not give what it was asked for. */
  failed(address: DirectAddress): void {
    if (this.#address !== address) return;
    this.#set(null, false);
    this.#lookLater();
  }

  /** Whether an address that was in use is still the one to ask; where it is not, it counts as failed. */
  async holds(address: DirectAddress): Promise<boolean> {
    await this.#look();
    if (this.#address?.url === address.url) {
      // The same one, under the same name for whoever holds it.
      this.#address = address;
      return true;
    }
    if (!this.#address) this.#lookLater();
    return false;
  }

  /** Another machine serves the session now. */
  moved(): void {
    this.#set(null, false);
    this.#failures = 0;
    clearTimeout(this.#timer);
    void this.#lookAnew();
  }

  /** The viewer lets the browser ask. */
  allow(): void {
    this.#mayAsk = true;
    void this.#look();
  }

  close(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  #lookLater(): void {
    clearTimeout(this.#timer);
    if (this.#stop.signal.aborted) return;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    this.#timer = setTimeout(() => void this.#lookAnew(), wait);
  }

  /** The session may have moved, or its machine may have begun anew: old tickets would be refused. */
  async #lookAnew(): Promise<void> {
    const before = this.#looking;
    await before;
    let way: DirectWay | null;
    try {
      way = await this.#deps.refresh();
    } catch {
      // The server is away; what it said last is as good as anything.
      way = this.#way;
    }
    if (this.#stop.signal.aborted) return;
    this.#way = way;
    if (!way) return this.#lookLater();
    await this.#look();
    if (!this.#address) this.#lookLater();
  }

  #look(): Promise<void> {
    this.#looking ??= this.#probed().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #probed(): Promise<void> {
    const way = this.#way;
    if (!way) return;
    const { address, asks } = await this.#deps.probe(way, this.#mayAsk, this.#stop.signal);
    if (!this.#stop.signal.aborted && this.#way === way) this.#set(address, asks);
  }

  #set(address: DirectAddress | null, asks: boolean): void {
    this.#address = address;
    this.#deps.onState({ address, asks });
  }
}
