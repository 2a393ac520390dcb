import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { HearthcastError } from '../../shared/errors.ts';
import { bodyLimit } from './middleware/body-limit.ts';
import { flowing, parseJson } from './parse.ts';

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
    app.use(bodyLimit() as never);
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

  it('is asked who it is before anything of its body is waited for, whether it says how long that is or not', async () => {
    const app = new Hono();
    app.use(bodyLimit() as never);
    app.post('/', (c) => c.body(null, 401));
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) });
    const endless = new Request('http://edge/', { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect((await app.fetch(endless)).status).toBe(401);
  });

  it('is refused when nothing more of a long body comes, however much has come before', async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const sender = writable.getWriter();
    const read = new Response(flowing(readable)).text().then(
      () => 'read',
      (error: Error) => error.message,
    );
    for (let i = 0; i < 3; i++) {
      void sender.write(new Uint8Array(10)).catch(() => {});
      await vi.advanceTimersByTimeAsync(29_000);
    }
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await read).toMatch(/Nothing of the body arrived/);
  });

  it.each(Object.entries(ROUTES))('meets that limit in %s: no route reads a body past it', (file, text) => {
    const lines = text.split('\n');
    const reading = lines
      .filter((line) => /c\.req\b/.test(line) && READS_A_BODY.test(line) && !/await arriving\(|flowing\(/.test(line))
      .map((line) => line.trim());
    // That there is one at all is no reading of it.
    const asking = reading.filter((line) => line.startsWith('if (!c.req.raw.body'));
    expect([file, reading]).toEqual([file, asking]);
  });
});
