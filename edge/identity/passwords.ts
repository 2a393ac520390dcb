import { z } from 'zod';
import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';

/** A hash takes 50 ms, four may wait on each other; this is for a service that hangs. */
const TIMEOUT_MS = 10_000;

/** Seconds after which a full password service has room again. */
const RETRY_AFTER_S = 1;

/** The longest text that the service takes, in UTF-16 units. */
export const MAX_LENGTH = 256;

/** Has the cost of every real hash, and no password: what an unknown name is verified against. */
const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

const Hashed = z.object({ hash: z.string().startsWith('$argon2id$') });
const Verified = z.object({ valid: z.boolean() });

type Service = Pick<Bindings, 'PASSWORDS'>;

/** One password, however a keyboard composes its accents (NIST SP 800-63B asks for NFKC). */
const normal = (password: string) => password.normalize('NFKC');

/** A new argon2id hash in PHC form. Throws `rate-limited` while the service is full. */
export async function hashPassword(env: Service, password: string): Promise<string> {
  return (await ask(env, '/hash', { password: normal(password) }, Hashed)).hash;
}

/**
 * Whether a password is the one of a hash. For a hash of null (nobody has that name) the answer is no, and takes
 * as long as any other. Throws `rate-limited` while the service is full.
 */
export async function verifyPassword(env: Service, password: string, hash: string | null): Promise<boolean> {
  // Composition can lengthen a text; what is too long is nobody's password, and costs the same to refuse.
  const composed = normal(password);
  const asked = { password: composed.slice(0, MAX_LENGTH), hash: hash ?? NOBODYS_HASH };
  const { valid } = await ask(env, '/verify', asked, Verified);
  return valid && hash !== null && composed.length <= MAX_LENGTH;
}

async function ask<T extends z.ZodType>(env: Service, path: string, body: object, answer: T): Promise<z.infer<T>> {
  const response = await env.PASSWORDS.fetch(`http://passwords${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status === 429) {
    await response.body?.cancel();
    throw new HearthcastError('rate-limited', 'Many people sign in right now. Try again in a moment.', {
      retryAfterS: RETRY_AFTER_S,
    });
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw new HearthcastError('unavailable', `The password service answered ${response.status}.`);
  }
  return answer.parse(await response.json());
}
