import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const argon2Async = promisify(argon2);

/** OWASP's first choice for argon2id: 19 MiB, 2 passes, 1 lane. */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;
const SALT_BYTES = 16;

/** More at once would queue in libuv's pool of four anyway and hold 19 MiB each. */
const MAX_CONCURRENT = 4;

let running = 0;

/**
 * The password service of a local edge: argon2id on Node's thread pool, off the thread that relays.
 * `POST /hash {password}` answers `{hash}`; `POST /verify {password, hash}` answers `{valid}`; 429 when four
 * are under way. Hashes are PHC strings, the same that the deployed service makes.
 */
export async function passwordService(request: Request): Promise<Response> {
  if (running >= MAX_CONCURRENT) return new Response(null, { status: 429 });
  running++;
  try {
    const { pathname } = new URL(request.url);
    const body = (await request.json()) as { password: string; hash?: string };
    if (pathname === '/hash') return Response.json({ hash: await hash(body.password) });
    if (pathname === '/verify') return Response.json({ valid: await verify(body.password, body.hash ?? '') });
    return new Response(null, { status: 404 });
  } finally {
    running--;
  }
}

async function hash(password: string): Promise<string> {
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
