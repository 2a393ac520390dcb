import type { Context } from 'hono';
import type { z } from 'zod';
import { HearthcastError } from '../../shared/errors.ts';
import type { AppEnv } from './context.ts';

/** Issues named in a refusal; more would only repeat them. */
const MAX_ISSUES = 5;

/** A body of the largest size takes seconds on a slow line; who needs longer only holds the request open. */
const BODY_TIMEOUT_MS = 30_000;

/** The JSON body in the shape of a schema. An empty body is `{}`. Throws `bad-request` and names the fields. */
export async function parseJson<T extends z.ZodType>(c: Context<AppEnv>, schema: T): Promise<z.infer<T>> {
  const text = await arriving(c.req.text());
  let body: unknown = {};
  if (text !== '') {
    try {
      body = JSON.parse(text);
    } catch {
      throw new HearthcastError('bad-request', 'The body is not JSON.');
    }
  }
  return conform(schema, body);
}

/** The query in the shape of a schema; the first value of a name counts. Throws `bad-request` and names the fields. */
export function parseQuery<T extends z.ZodType>(c: Context<AppEnv>, schema: T): z.infer<T> {
  return conform(schema, c.req.query());
}

/** What reads a body, for so long as a body may take to arrive. Throws `bad-request`. */
export async function arriving<T>(reading: Promise<T>, limitMs: number = BODY_TIMEOUT_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const refusal = new HearthcastError('bad-request', `The body did not arrive within ${limitMs / 1000} s.`);
    timer = setTimeout(() => reject(refusal), limitMs);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

function conform<T extends z.ZodType>(schema: T, value: unknown): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // Paths and messages of zod, never the values: a password in the wrong field must not come back.
  const issues = parsed.error.issues.slice(0, MAX_ISSUES);
  const detail = issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ');
  throw new HearthcastError('bad-request', detail);
}

/** A body that is too long to wait for: it ends in an error once nothing of it has come for `limitMs`. */
export function flowing(
  body: ReadableStream<Uint8Array>,
  limitMs: number = BODY_TIMEOUT_MS,
): ReadableStream<Uint8Array> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const expectMore = (controller: TransformStreamDefaultController) => {
    clearTimeout(timer);
    const late = new HearthcastError('bad-request', `Nothing of the body arrived for ${limitMs / 1000} s.`);
    timer = setTimeout(() => controller.error(late), limitMs);
  };
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      start: expectMore,
      transform(chunk, controller) {
        controller.enqueue(chunk);
        expectMore(controller);
      },
      flush: () => clearTimeout(timer),
    }),
  );
}
