import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { Env } from '../../edge/env.ts';
import { createApp } from '../../edge/http/app.ts';

export const HOME = 'http://hearth.home:8790';
export const AWAY = 'https://hearth.example';

interface Call {
  body?: unknown;
  headers?: Record<string, string>;
}

/**
 * An isolate of the edge with a clock of its own, as one client sees it: a fresh app, whose list of who may
 * come in is cold. `statements` counts what it asks of the database; attempts to sign in are not limited.
 */
export function edgeClient(options: { origin?: string; clock?: { now: number }; bindings?: Partial<Env> } = {}) {
  const { origin = HOME, clock = { now: Date.now() }, bindings = {} } = options;
  const counted = countStatements(bindings.DB ?? env.DB);
  const unlimited = { limit: async () => ({ success: true }) };
  const all: Env = {
    ...env,
    LOGIN_LIMIT: unlimited,
    GUESS_LIMIT: unlimited,
    CHANGE_LIMIT: unlimited,
    READ_LIMIT: unlimited,
    ...bindings,
    DB: counted.database,
  };
  const app = createApp(() => clock.now);

  function call(method: string, path: string, { body, headers = {} }: Call = {}): Promise<Response> {
    return raw(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  async function raw(path: string, init: RequestInit): Promise<Response> {
    const context = createExecutionContext();
    const response = await app.fetch(new Request(origin + path, init), all, context);
    await waitOnExecutionContext(context);
    return response;
  }

  return {
    clock,
    statements: () => counted.count(),
    get: (path: string, headers?: Record<string, string>) => call('GET', path, headers ? { headers } : {}),
    call,
    /** A request as it is, the body as text. */
    raw,
    post: (path: string, body?: unknown, headers?: Record<string, string>) =>
      call('POST', path, { body, ...(headers ? { headers } : {}) }),
  };
}

function countStatements(database: D1Database): { database: D1Database; count: () => number } {
  let count = 0;
  const counting = new Proxy(database, {
    get(target, property) {
      if (property === 'prepare') count++;
      const value = Reflect.get(target, property, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { database: counting, count: () => count };
}

/** The cookies that an answer sets, by name: their value and their attributes in lower case. */
export function cookiesOf(response: Response): Map<string, { value: string; attributes: string[] }> {
  const parsed = response.headers.getSetCookie().map((line) => {
    const [pair = '', ...attributes] = line.split(/; */);
    const at = pair.indexOf('=');
    return [
      pair.slice(0, at),
      { value: pair.slice(at + 1), attributes: attributes.map((a) => a.toLowerCase()) },
    ] as const;
  });
  return new Map(parsed);
}

/** What a browser sends back of an answer's cookies. */
export function cookieHeader(response: Response): string {
  return [...cookiesOf(response)].map(([name, { value }]) => `${name}=${value}`).join('; ');
}
