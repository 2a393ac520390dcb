import { exports } from 'cloudflare:workers';
import type { Role } from '../../shared/api/auth.ts';
import { signedIn } from './signed-in.ts';

const ORIGIN = 'http://edge.test/api/v1';

/** A person of a role who calls the whole edge as it is deployed. */
export async function callerOf(role: Role) {
  const { principal, headers } = await signedIn(role);

  async function call(method: string, path: string, body?: unknown): Promise<Response> {
    return exports.default.fetch(ORIGIN + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  return {
    ...{ principal, headers, call },
    /** The parsed answer; throws where it is not what the schema says. */
    async get<T>(path: string, schema: { parse(value: unknown): T }): Promise<T> {
      const response = await call('GET', path);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return schema.parse(await response.json());
    },
  };
}

export type Caller = Awaited<ReturnType<typeof callerOf>>;
