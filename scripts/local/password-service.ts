import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import PQueue from 'p-queue';
import { yieldThreads } from './thread-priority.ts';

const argon2Async = promisify(argon2);

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane. */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const SALT_BYTES = 16;

/** Hashes at once; each holds 19 MiB. A core is left to the thread that relays, where there is a second one. */
const MAX_CONCURRENT = Math.min(4, Math.max(1, availableParallelism() - 1));

/** Sign-ins that wait for their turn, for a second or two; a household comes home at once. */
const MAX_WAITING = 16;

const queue = new PQueue({ concurrency: MAX_CONCURRENT });

/**
 * The password service of a local edge: argon2id on Node's thread pool, off the thread that relays.
 * `POST /hash {password}` answers `{hash}`; `POST /verify {password, hash}` answers `{valid}`; 429 when too
 * many wait. Hashes are PHC strings, the same that the deployed service makes.
 */
export async function passwordService(request: Request): Promise<Response> {
  if (queue.size >= MAX_WAITING) return new Response(null, { status: 429 });
  const { pathname } = new URL(request.url);
  const body = (await request.json()) as { password: string; hash?: string };
  if (pathname === '/hash') return Response.json({ hash: await queue.add(() => hash(body.password)) });
  if (pathname === '/verify') {
    return Response.json({ valid: await queue.add(() => verify(body.password, body.hash ?? '')) });
  }
  return new Response(null, { status: 404 });
}

async function hash(password: string): Promise<string> {
  yieldThreads();
  const nonce = randomBytes(SALT_BYTES);
  const tag = await argon2Async('argon2id', { message: password, nonce, ...PARAMETERS });
  const { memory, passes, parallelism } = PARAMETERS;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`;
}

async function verify(password: string, phc: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(phc);
  if (!match) return false;
  const [, memory, passes, parallelism, salt, expected] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  yieldThreads();
  const wanted = Buffer.from(expected, 'base64');
  const tag = await argon2Async('argon2id', {
    message: password,
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: wanted.length,
  });
  return timingSafeEqual(tag, wanted);
}

const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
