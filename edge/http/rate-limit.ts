import type { Context } from 'hono';
import { HearthcastError } from '../../shared/errors.ts';
import type { AppEnv } from './context.ts';

/** The period of LOGIN_LIMIT in wrangler.toml, in seconds. */
const PERIOD_S = 60;

/**
 * Counts an attempt to prove a password or a code, before anything is hashed: by address, and by what is attacked,
 * since one account can be attacked from many addresses. Each purpose counts by itself. Throws `rate-limited`.
 */
export async function limitAttempts(
  c: Context<AppEnv>,
  purpose: 'setup' | 'login' | 'enrolment',
  target: string,
): Promise<void> {
  const address = c.req.header('cf-connecting-ip') ?? 'local';
  const keys = [`${purpose} from ${address}`, `${purpose} of ${target.toLowerCase()}`];
  const outcomes = await Promise.all(keys.map((key) => c.env.LOGIN_LIMIT.limit({ key })));
  if (outcomes.some((outcome) => !outcome.success)) {
    throw new HearthcastError('rate-limited', 'Too many attempts. Wait a minute and try again.', {
      retryAfterS: PERIOD_S,
    });
  }
}
