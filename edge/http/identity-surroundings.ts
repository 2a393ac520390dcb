import type { Context } from 'hono';
import type { SignedIn } from '../../shared/api/auth.ts';
import type { KnownUser } from '../db/users.ts';
import { ACCESS_TOKEN_LIFETIME_S, issueAccessToken } from '../identity/access-tokens.ts';
import { audit, type Happening } from '../identity/audit.ts';
import { type SessionTokens, startSession } from '../identity/auth-sessions.ts';
import { currentGeneration } from '../identity/signing-keys.ts';
import type { Standing } from '../identity/standing.ts';
import { addressOf } from './address.ts';
import type { AppEnv } from './context.ts';
import { setTokenCookies } from './cookies.ts';
import type { KeptSettings } from './kept-settings.ts';
import { endEverywhere } from './sign-out.ts';
import { readerOf } from './standing-reader.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** What the routes of identity share: the isolate's list of who may come in, the deployment's settings, and the clock. */
export interface IdentityOptions {
  standing: Standing;
  settings: KeptSettings;
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

/** Signs a person in on a device, from where this request comes, for as long as the deployment keeps sign-ins. */
export async function beginSession(
  c: Context<AppEnv>,
  options: Pick<IdentityOptions, 'settings' | 'now'>,
  user: KnownUser & { accountId?: number },
  device: string,
): Promise<SessionTokens> {
  const lifetimeMs = await sessionLifetime(c, options);
  return startSession(c.env, user, { name: device, address: addressOf(c) }, { lifetimeMs, now: options.now() });
}

/** How long a sign-in lives that is not used, in ms. */
export async function sessionLifetime(
  c: Context<AppEnv>,
  { settings }: Pick<IdentityOptions, 'settings'>,
): Promise<number> {
  return (await settings.read(c.env)).signInDays * DAY_MS;
}

/** The answer of every way in: both tokens, in cookies or in the body. */
export async function answerSignedIn(
  c: Context<AppEnv>,
  { standing, now }: IdentityOptions,
  { signIn, refreshToken, lifetimeMs, displaced }: SessionTokens,
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
    { token: refreshToken, maxAgeS: lifetimeMs / 1000 },
  );
  return c.json(answer, status);
}
