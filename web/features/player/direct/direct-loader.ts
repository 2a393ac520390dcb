import type {
  FragmentLoaderContext,
  HlsConfig,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
  LoaderStats,
} from 'hls.js';
import type { DirectRoute } from './direct-route.ts';
import { spaceOf } from './permission.ts';

/** Without a byte for so long the server is asked: the segment goes on being made, and both ask for the same one. */
const SILENCE_MS = 5_000;

/** A first segment waits this long for the machine to prove itself; a house's network takes a few ms. */
const FIRST_WAIT_MS = 400;

type FragmentLoader = new (config: HlsConfig) => Loader<FragmentLoaderContext>;
type AnyLoader = new (config: HlsConfig) => Loader<LoaderContext>;

/** Below a ticket: `/stream/{ticket}/v720/3.m4s` is `v720/3.m4s`. */
function nameOf(url: string): string {
  return new URL(url, location.origin).pathname.split('/').slice(3).join('/');
}

/**
 * Loads segments from the machine itself while there is a way to it, else and after any failure by `Base` from the
 * server: the same request, a moment later.
 */
export function directLoader(Base: AnyLoader, route: DirectRoute): FragmentLoader {
  return class implements Loader<FragmentLoaderContext> {
    readonly #server: Loader<FragmentLoaderContext>;
    #context: FragmentLoaderContext | null = null;
    #direct: AbortController | null = null;
    #onAbort: (() => void) | null = null;

    constructor(config: HlsConfig) {
      this.#server = new Base(config) as Loader<FragmentLoaderContext>;
    }

    get stats(): LoaderStats {
      return this.#server.stats;
    }

    set stats(stats: LoaderStats) {
      this.#server.stats = stats;
    }

    get context(): FragmentLoaderContext | null {
      return this.#context;
    }

    load(
      context: FragmentLoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<FragmentLoaderContext>,
    ): void {
      this.#context = context;
      const direct = new AbortController();
      this.#direct = direct;
      this.#onAbort = () => callbacks.onAbort?.(this.stats, context, null);
      void this.#fromMachine(context, callbacks, direct).then((done) => {
        if (done || direct.signal.aborted) return;
        this.#direct = null;
        this.#server.load(context, config, callbacks);
      });
    }

    abort(): void {
      if (!this.#direct) {
        this.#server.abort();
        return;
      }
      this.stats.aborted = true;
      this.#direct.abort();
      this.#direct = null;
      this.#onAbort?.();
    }

    destroy(): void {
      this.#direct?.abort();
      this.#direct = null;
      this.#onAbort = null;
      this.#context = null;
      this.#server.destroy();
    }

    getCacheAge(): number | null {
      return null;
    }

    getResponseHeader(name: string): string | null {
      return this.#direct ? null : (this.#server.getResponseHeader?.(name) ?? null);
    }

    /** False where the server must be asked. */
    async #fromMachine(
      context: FragmentLoaderContext,
      callbacks: LoaderCallbacks<FragmentLoaderContext>,
      direct: AbortController,
    ): Promise<boolean> {
      await route.ready(FIRST_WAIT_MS);
      const found = route.at(nameOf(context.url));
      if (!found || direct.signal.aborted) return false;
      const { stats } = this;
      const { loading } = stats;
      loading.start = performance.now();
      try {
        const data = await fetched(found, direct.signal, (bytes, total) => {
          loading.first ||= performance.now();
          stats.loaded += bytes;
          stats.total = total;
        });
        if (direct.signal.aborted) return true;
        loading.end = performance.now();
        stats.total = stats.loaded;
        stats.chunkCount = 1;
        stats.bwEstimate = (stats.loaded * 8000) / Math.max(1, loading.end - loading.first);
        route.worked();
        this.#direct = null;
        // By its server's name: the buffer knows a segment by one address, whichever way it came.
        callbacks.onSuccess({ url: context.url, data, code: 200 }, stats, context, null);
        return true;
      } catch {
        if (direct.signal.aborted) return false;
        route.failed(found.address);
        // The server's loader counts from nothing, and only once.
        Object.assign(loading, { start: 0, first: 0, end: 0 });
        Object.assign(stats, { loaded: 0, total: 0 });
        return false;
      }
    }
  };
}

/** The whole body, told as it comes. Rejects at any failure, and when no byte comes for a while. */
async function fetched(
  { url, address }: NonNullable<ReturnType<DirectRoute['at']>>,
  signal: AbortSignal,
  onBytes: (bytes: number, total: number) => void,
): Promise<ArrayBuffer> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, silence.signal]),
      credentials: 'omit',
      ...spaceOf(address, location),
    });
    if (!response.ok || !response.body) throw new Error(`refused with ${response.status}`);
    const total = Number(response.headers.get('content-length'));
    heard();
    onBytes(0, total);
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      heard();
      onBytes(next.value.byteLength, total);
      pieces.push(next.value);
    }
    return await new Blob(pieces).arrayBuffer();
  } finally {
    clearTimeout(timer);
  }
}
