import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../context.ts';

/** Gives each request an id of its own, which answers, problems and logs carry. */
export function requestId(): MiddlewareHandler<AppEnv> {
  return async function requestId(c, next) {
    c.set('requestId', crypto.randomUUID());
    await next();
  };
}
