import type { Context } from 'hono';
import { HearthcastError } from '../../shared/errors.ts';
import type { AppEnv } from './context.ts';
import { ruleFor } from './policy.ts';

/** Seconds after which a client may try again where the error does not say. */
const DEFAULT_RETRY_AFTER_S = 5;

/**
 * Any error as `application/problem+json` with the request's id as `instance`. What is not a HearthcastError
 * reveals nothing; it, and the causes of the server's own failures, are logged here and nowhere else.
 */
export function answerProblem(error: unknown, c: Context<AppEnv>): Response {
  const known = error instanceof HearthcastError ? error : new HearthcastError('internal', undefined, { cause: error });
  const cause = known.cause ?? (known.code === 'internal' ? known : undefined);
  if (known.status >= 500 && cause !== undefined) logFailure(cause, c);
  const body = JSON.stringify({ ...known.toProblem(), instance: `urn:uuid:${c.var.requestId}` });
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (known.status === 401) headers.set('www-authenticate', 'Bearer realm="hearthcast"');
  if (known.status === 429 || known.status === 503) {
    headers.set('retry-after', String(known.retryAfterS ?? DEFAULT_RETRY_AFTER_S));
  }
  return new Response(body, { status: known.status, headers });
}

/** By the rule's pattern, not by the path: paths carry tickets. */
function logFailure(cause: unknown, c: Context<AppEnv>): void {
  const { method, path } = c.req;
  const rule = ruleFor(method, path)?.path ?? 'unknown';
  const stack = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  console.error(JSON.stringify({ level: 'error', requestId: c.var.requestId, method, rule, error: stack }));
}
