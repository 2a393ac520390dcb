import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { HearthcastError } from '../../shared/errors.ts';
import { parseJson } from './parse.ts';

declare global {
  interface ImportMeta {
    glob(pattern: string, options: object): Record<string, string>;
  }
}

const ROUTES = import.meta.glob('./routes/*.ts', { query: '?raw', import: 'default', eager: true });

/** Ways to a body in Hono and in a Request. */
const READS_A_BODY = /\.(json|text|formData|parseBody|arrayBuffer|blob)\(\)|\.body\b(?! *\()/;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('whoever sends slowly', () => {
  it('is refused when a body has not arrived after half a minute', async () => {
    const app = new Hono();
    app.post('/', async (c) => c.json(await parseJson(c as never, z.object({}))));
    app.onError((error) => new Response(null, { status: error instanceof HearthcastError ? error.status : 500 }));
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{')) });
    let status = 0;
    const answered = Promise.resolve(
      app.fetch(new Request('http://edge/', { method: 'POST', body, duplex: 'half' } as RequestInit)),
    ).then((response) => {
      status = response.status;
    });
    await vi.advanceTimersByTimeAsync(29_000);
    expect(status).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    await answered;
    expect(status).toBe(400);
  });

  it.each(Object.entries(ROUTES))('meets that limit in %s: no route reads a body past it', (file, text) => {
    const lines = text.split('\n');
    const reading = lines
      .filter((line) => /c\.req\b/.test(line) && READS_A_BODY.test(line) && !line.includes('await arriving('))
      .map((line) => line.trim());
    // A backup is streamed into an empty deployment by whoever holds its set-up code; it has no size to wait for.
    const allowed = file.endsWith('/backups.ts') ? reading.filter((line) => line.includes('c.req.raw.body')) : [];
    expect(reading).toEqual(allowed);
  });
});
