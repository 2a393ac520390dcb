import type { MiddlewareHandler } from 'hono';
import { HearthcastError } from '../../../shared/errors.ts';
import type { AppEnv } from '../context.ts';
import { DEFAULT_MAX_BODY, ruleFor } from '../policy.ts';

/**
 * Refuses bodies over the rule's size with 413, also those that do not announce their length. Nothing is read here: a
 * route reads what it wants once it knows who asks, within its own limit of time.
 */
export function bodyLimit(): MiddlewareHandler<AppEnv> {
  return async function bodyLimit(c, next) {
    const rule = ruleFor(c.req.method, c.req.path);
    const maxSize = rule?.maxBody ?? DEFAULT_MAX_BODY;
    const length = c.req.header('content-length');
    if (length !== undefined && Number(length) > maxSize) throw tooLarge(maxSize);
    // A ticket's body is media on its way to a viewer: it is counted as it streams, never held.
    if (rule?.access === 'ticket' || c.req.raw.body === null) return next();
    // Of what is announced the platform lets no more through, unless it comes in chunks all the same.
    const announced = length !== undefined && c.req.header('transfer-encoding') === undefined;
    if (!announced) c.req.raw = withLimit(c.req.raw, maxSize);
    return next();
  };
}

/** The same request, whose body ends in `too-large` once more than `maxSize` bytes of it were read. */
function withLimit(request: Request, maxSize: number): Request {
  let size = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > maxSize) controller.error(tooLarge(maxSize));
      else controller.enqueue(chunk);
    },
  });
  // `duplex` is what Node asks for where a body is a stream; the Workers runtime takes no notice.
  return new Request(request, { body: request.body?.pipeThrough(counter), duplex: 'half' } as RequestInit);
}

const tooLarge = (maxSize: number) =>
  new HearthcastError('too-large', `A request's body may have ${maxSize} bytes here.`);
