import type { z } from 'zod';
import { BOOKMARK_HEADER } from '../../shared/api/bookmark.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { problemOf, Unreachable } from './problem-answer.ts';
import type { SessionRefresh } from './session-refresh.ts';

interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal;
  /** Outlives the page. */
  keepalive?: boolean;
}

export interface Client {
  /** Throws HearthcastError as the server answered it, Unreachable without an answer. */
  request<S extends z.ZodType>(schema: S, path: string, options?: RequestOptions): Promise<z.infer<S>>;
  /** The same for answers whose body does not matter. */
  command(path: string, options: RequestOptions): Promise<void>;
}

export interface ClientDeps {
  fetch: typeof fetch;
  session: Pick<SessionRefresh, 'refresh'>;
  /** What requests that read carry beside. */
  readHeaders?: () => Record<string, string>;
  onSignedOut(): void;
  /** How new the data were that were shown last; kept across pages and tabs. */
  bookmark: { read(): string | null; write(bookmark: string): void };
}

const RENEWABLE: ReadonlySet<string> = new Set(['token-expired', 'unauthenticated']);

/** The only way to the native API: same-origin cookies, one renewal of the session, parsed answers. */
export function createClient(deps: ClientDeps): Client {
  async function once(path: string, options: RequestOptions): Promise<Response> {
    const method = options.method ?? 'GET';
    const init: RequestInit = { method, credentials: 'same-origin' };
    const headers: Record<string, string> = method === 'GET' ? (deps.readHeaders?.() ?? {}) : {};
    if (options.body !== undefined) {
      headers['content-type'] = 'application/json';
      init.body = JSON.stringify(options.body);
    }
    const seen = deps.bookmark.read();
    if (seen !== null) headers[BOOKMARK_HEADER] = seen;
    if (Object.keys(headers).length > 0) init.headers = headers;
    if (options.signal) init.signal = options.signal;
    if (options.keepalive) init.keepalive = true;
    try {
      const response = await deps.fetch(`/api/v1${path}`, init);
      noteBookmark(response.headers.get(BOOKMARK_HEADER));
      return response;
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new Unreachable(error);
    }
  }

  /** A slow answer must not take back what a later one has shown: the later of two is the greater text. */
  function noteBookmark(bookmark: string | null): void {
    if (bookmark !== null && bookmark > (deps.bookmark.read() ?? '')) deps.bookmark.write(bookmark);
  }

  async function answer(path: string, options: RequestOptions): Promise<Response> {
    const first = await once(path, options);
    if (first.ok) return first;
    const problem = await problemOf(first);
    if (!RENEWABLE.has(problem.code)) throw problem;
    if (await deps.session.refresh()) {
      const second = await once(path, options);
      if (second.ok) return second;
      const again = await problemOf(second);
      if (RENEWABLE.has(again.code)) deps.onSignedOut();
      throw again;
    }
    deps.onSignedOut();
    throw problem;
  }

  return {
    async request(schema, path, options = {}) {
      const response = await answer(path, options);
      const body: unknown = await response.json().catch(() => undefined);
      const parsed = schema.safeParse(body);
      if (parsed.success) return parsed.data;
      throw new HearthcastError('internal', 'The server speaks a newer version than this page. Reload the page.', {
        cause: parsed.error,
      });
    },
    async command(path, options) {
      const response = await answer(path, options);
      await response.body?.cancel();
    },
  };
}
