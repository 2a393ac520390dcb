import { z } from 'zod';
import { hash, verify } from './argon2.ts';

/** A hash holds 19 MiB and the isolate has 128; more would only wait on each other for the one thread. */
const MAX_CONCURRENT = 4;

const HashRequest = z.object({ password: z.string().min(1).max(256) });
const VerifyRequest = HashRequest.extend({ hash: z.string().max(300) });

let running = 0;

/**
 * The password service of a deployed edge. `POST /hash {password}` answers `{hash}`, `POST /verify {password, hash}`
 * answers `{valid}`; 400 for any other body, 404 for any other path, 429 when four are under way.
 */
async function answer(request: Request): Promise<Response> {
  if (running >= MAX_CONCURRENT) return new Response(null, { status: 429 });
  running++;
  try {
    switch (new URL(request.url).pathname) {
      case '/hash': {
        const body = HashRequest.safeParse(await bodyOf(request));
        return body.success ? Response.json({ hash: await hash(body.data.password) }) : refusal();
      }
      case '/verify': {
        const body = VerifyRequest.safeParse(await bodyOf(request));
        return body.success ? Response.json({ valid: await verify(body.data.password, body.data.hash) }) : refusal();
      }
      default:
        return new Response(null, { status: 404 });
    }
  } finally {
    running--;
  }
}

const bodyOf = (request: Request) => request.json().catch(() => null);

const refusal = () => new Response(null, { status: 400 });

export default { fetch: answer } satisfies ExportedHandler;
