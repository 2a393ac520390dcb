import type { z } from 'zod';
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
}

const RENEWABLE: ReadonlySet<string> = new Set(['token-expired', 'unauthenticated']);

/** The only way to the native API: same-origin cookies, one renewal of the session, parsed answers. */
export function createClient(deps: ClientDeps): Client {
  async function once(path: string, options: RequestOptions): Promise<Response> {
    const method = options.method ?? 'GET';
    const init: RequestInit = { method, credentials: 'same-origin' };
    if (method === 'GET' && deps.readHeaders) init.headers = deps.readHeaders();
    if (options.body !== undefined) {
      init.headers = { 'content-type': 'application/json' };
      init.body = JSON.stringify(options.body);
    }
    if (options.signal) init.signal = options.signal;
    if (options.keepalive) init.keepalive = true;
    try {
      return await deps.fetch(`/api/v1${path}`, init);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new Unreachable(error);
    }
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
