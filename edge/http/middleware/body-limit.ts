import type { MiddlewareHandler } from 'hono';
import { bodyLimit as honoBodyLimit } from 'hono/body-limit';
import { HearthcastError } from '../../../shared/errors.ts';
import type { AppEnv } from '../context.ts';
import { DEFAULT_MAX_BODY, ruleFor } from '../policy.ts';

/** Refuses bodies over the rule's size with 413, also those that do not announce their length. */
export function bodyLimit(): MiddlewareHandler<AppEnv> {
  return async function bodyLimit(c, next) {
    const rule = ruleFor(c.req.method, c.req.path);
    const maxSize = rule?.maxBody ?? DEFAULT_MAX_BODY;
    const length = c.req.header('content-length');
    if (length !== undefined && Number(length) > maxSize) refuse(maxSize);
    // A ticket's body is media on its way to a viewer: it is counted as it streams, never held.
    if (rule?.access === 'ticket') return next();
    return honoBodyLimit({ maxSize, onError: () => refuse(maxSize) })(c, next);
  };
}

function refuse(maxSize: number): never {
  throw new HearthcastError('too-large', `A request's body may have ${maxSize} bytes here.`);
}
