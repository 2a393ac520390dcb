import type { FragmentLoaderContext, HlsConfig, LoaderCallbacks, LoaderConfiguration, LoaderStats } from 'hls.js';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { directLoader } from './direct-loader.ts';
import type { DirectRoute } from './direct-route.ts';

const LAN = { url: 'http://192.168.1.5:8788', reach: 'local' } as const;
const SEGMENT = 'https://films.example/stream/TICKET/v720/3.m4s';
/** On a machine that does other things beside. */
const WAIT = { timeout: 30_000 };

/** The server's own loader: notes what it is asked, and answers nothing by itself. */
class ServerLoader {
  static asked: string[] = [];
  context: FragmentLoaderContext | null = null;
  stats = { aborted: false, loading: { start: 0, first: 0, end: 0 }, loaded: 0, total: 0 } as LoaderStats;
  #callbacks: LoaderCallbacks<FragmentLoaderContext> | null = null;

  load(context: FragmentLoaderContext, _: unknown, callbacks: LoaderCallbacks<FragmentLoaderContext>): void {
    if (this.stats.loading.start) throw new Error('Loader can only be used once.');
    this.#callbacks = callbacks;
    ServerLoader.asked.push(context.url);
  }

  abort(): void {
    this.#callbacks?.onAbort?.(this.stats, this.context as never, null);
  }

  destroy(): void {}
}

function stage(way: boolean) {
  const route = {
    ready: async () => {},
    at: vi.fn((name: string) => (way ? { url: `${LAN.url}/direct/v1/MEDIA/${name}`, address: LAN } : null)),
    worked: vi.fn(),
    failed: vi.fn(),
  };
  const Loader = directLoader(ServerLoader as never, route as unknown as DirectRoute);
  const loader = new Loader({} as HlsConfig);
  const callbacks = { onSuccess: vi.fn(), onError: vi.fn(), onTimeout: vi.fn(), onAbort: vi.fn() };
  const load = () => {
    const context = { url: SEGMENT, responseType: 'arraybuffer' } as FragmentLoaderContext;
    loader.load(context, {} as LoaderConfiguration, callbacks);
  };
  return { route, loader, callbacks, load };
}

/** A body whose pieces come one by one; one that is not closed goes silent. */
function body(pieces: number[], closed: boolean): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const length of pieces) controller.enqueue(new Uint8Array(length));
      if (closed) controller.close();
    },
  });
}

/** As browsers do: what is read breaks off with its request. */
function answer(stream: ReadableStream, status = 200) {
  return async (_url: string, { signal }: RequestInit) => {
    const response = new Response(stream, { status });
    const reader = response.body?.getReader();
    const gone = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
    gone.catch(() => {});
    const read = () =>
      Promise.race([reader?.read() ?? Promise.resolve({ done: true as const, value: undefined }), gone]);
    return { ok: response.ok, status, headers: new Headers(), body: { getReader: () => ({ read }) } };
  };
}

beforeEach(() => {
  ServerLoader.asked = [];
  vi.useFakeTimers();
  vi.stubGlobal('location', { origin: 'https://films.example', protocol: 'https:', hostname: 'films.example' });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('loads a segment from the machine, under the name that the server has for it', async () => {
  const fetch = vi.fn(answer(body([1_000, 500], true)));
  vi.stubGlobal('fetch', fetch);
  const { route, loader, callbacks, load } = stage(true);
  load();
  await vi.waitFor(() => expect(callbacks.onSuccess).toHaveBeenCalledOnce(), WAIT);
  expect(fetch.mock.calls[0]?.[0]).toBe('http://192.168.1.5:8788/direct/v1/MEDIA/v720/3.m4s');
  const [response, stats] = callbacks.onSuccess.mock.calls[0] ?? [];
  expect([response.url, response.data.byteLength]).toEqual([SEGMENT, 1_500]);
  expect(stats).toBe(loader.stats);
  expect(stats).toMatchObject({ loaded: 1_500, total: 1_500 });
  expect(route.worked).toHaveBeenCalledOnce();
  expect(ServerLoader.asked).toEqual([]);
});

it('asks the server where there is no way', async () => {
  const { load, route } = stage(false);
  load();
  await vi.waitFor(() => expect(ServerLoader.asked).toEqual([SEGMENT]), WAIT);
  expect(route.failed).not.toHaveBeenCalled();
});

it.each([
  ['does not answer', async () => Promise.reject(new TypeError('Failed to fetch'))],
  ['refuses', answer(body([], true), 410)],
])('asks the server for the same at once when the machine %s', async (_, fetch) => {
  vi.stubGlobal('fetch', fetch);
  const { load, route, callbacks } = stage(true);
  load();
  await vi.waitFor(() => expect(ServerLoader.asked).toEqual([SEGMENT]), WAIT);
  expect(route.failed).toHaveBeenCalledWith(LAN);
  expect(callbacks.onError).not.toHaveBeenCalled();
});

it('asks the server when a body goes silent in its middle', async () => {
  vi.stubGlobal('fetch', answer(body([1_000], false)));
  const { load, callbacks } = stage(true);
  load();
  await vi.advanceTimersByTimeAsync(4_999);
  expect(ServerLoader.asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(ServerLoader.asked).toEqual([SEGMENT]);
  expect(callbacks.onSuccess).not.toHaveBeenCalled();
});

it('is given up for a seek without anybody else being asked', async () => {
  vi.stubGlobal('fetch', answer(body([1_000], false)));
  const { load, loader, callbacks, route } = stage(true);
  load();
  await vi.advanceTimersByTimeAsync(100);
  loader.abort();
  loader.destroy();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(callbacks.onAbort).toHaveBeenCalledOnce();
  expect([ServerLoader.asked, route.failed.mock.calls]).toEqual([[], []]);
});
