import type { Context } from 'hono';
import type { SignedIn } from '../../shared/api/auth.ts';
import { ACCESS_TOKEN_LIFETIME_S, issueAccessToken } from '../identity/access-tokens.ts';
import { audit, type Happening } from '../identity/audit.ts';
import { SESSION_LIFETIME_MS, type SessionTokens } from '../identity/auth-sessions.ts';
import { currentGeneration } from '../identity/signing-keys.ts';
import type { Standing } from '../identity/standing.ts';
import { addressOf } from './address.ts';
import type { AppEnv } from './context.ts';
import { setTokenCookies } from './cookies.ts';
import { endEverywhere } from './sign-out.ts';
import { readerOf } from './standing-reader.ts';

/** What the routes of identity share: the isolate's list, and the clock. */
export interface IdentityOptions {
  standing: Standing;
  now: () => number;
}

/** Writes down what the person of this request did, or what somebody unknown claimed. */
export async function record(
  c: Context<AppEnv>,
  { now }: Pick<IdentityOptions, 'now'>,
  event: Happening['event'],
  subject: string,
  who?: { userId: number; name: string } | { claimed: string },
): Promise<void> {
  const address = addressOf(c);
  if (who && 'claimed' in who) return audit(c.env, { event, actor: null, ...who, subject, address }, now());
  await audit(c.env, { event, actor: who ?? c.get('principal') ?? null, subject, address }, now());
}

/** The answer of every way in: both tokens, in cookies or in the body. */
export async function answerSignedIn(
  c: Context<AppEnv>,
  { standing, now }: IdentityOptions,
  { signIn, refreshToken, displaced }: SessionTokens,
  delivery: 'cookie' | 'body',
  status: 200 | 201,
): Promise<Response> {
  await endEverywhere(c, standing, displaced);
  const { signing } = await standing.list(readerOf(c));
  const accessToken = await issueAccessToken(c.env, signIn, now(), currentGeneration(signing));
  const answer: SignedIn = {
    user: { id: String(signIn.userId), name: signIn.name, role: signIn.role },
    expiresIn: ACCESS_TOKEN_LIFETIME_S,
  };
  if (delivery === 'body') return c.json({ ...answer, accessToken, refreshToken }, status);
  setTokenCookies(
    c,
    { token: accessToken, maxAgeS: ACCESS_TOKEN_LIFETIME_S },
    { token: refreshToken, maxAgeS: SESSION_LIFETIME_MS / 1000 },
  );
  return c.json(answer, status);
}
