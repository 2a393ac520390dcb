import { type Context, Hono } from 'hono';
import { LoginRequest, RefreshRequest, SetupRequest, type SignedIn } from '../../../shared/api/auth.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { endAuthSession, endAuthSessionByHash } from '../../db/auth-sessions.ts';
import { ACCESS_TOKEN_LIFETIME_S, issueAccessToken, verifyAccessToken } from '../../identity/access-tokens.ts';
import { refreshSession, SESSION_LIFETIME_MS, type SessionTokens, startSession } from '../../identity/auth-sessions.ts';
import { hashOfRefreshToken } from '../../identity/refresh-tokens.ts';
import type { Revocations } from '../../identity/revocation.ts';
import { createFirstOwner, provePassword } from '../../identity/users.ts';
import { presentedAccessToken, refuseOtherPages } from '../access-token.ts';
import type { AppEnv } from '../context.ts';
import { clearTokenCookies, refreshCookie, setTokenCookies } from '../cookies.ts';
import { parseJson } from '../parse.ts';
import { limitAttempts } from '../rate-limit.ts';
import { pageOriginOf } from '../same-origin.ts';
import { announceSignOut } from '../sign-out.ts';

/** The first owner's device, until they sign in elsewhere. */
const SETUP_DEVICE = 'first set-up';

interface Options {
  revocations: Revocations;
  now: () => number;
}

/** Setting up, signing in, staying signed in, signing out. */
export function authRoutes({ revocations, now }: Options): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.post('/auth/setup', async (c) => {
    const request = await parseJson(c, SetupRequest);
    refuseForeignSignIn(c, request.delivery);
    await limitAttempts(c, 'setup', 'owner');
    const owner = await createFirstOwner(c.env, request, now());
    const tokens = await startSession(c.env, owner, SETUP_DEVICE, now());
    return answerSignedIn(c, tokens, request.delivery, 201);
  });

  routes.post('/auth/login', async (c) => {
    const request = await parseJson(c, LoginRequest);
    refuseForeignSignIn(c, request.delivery);
    await limitAttempts(c, 'login', request.username);
    const user = await provePassword(c.env, request.username, request.password);
    const tokens = await startSession(c.env, user, request.device, now());
    return answerSignedIn(c, tokens, request.delivery, 200);
  });

  routes.post('/auth/refresh', async (c) => {
    const { refreshToken } = await parseJson(c, RefreshRequest);
    const token = refreshToken ?? cookieToken(c);
    if (token === undefined) throw new HearthcastError('unauthenticated');
    const tokens = await refreshSession(c.env, token, now(), (id) => forget(c, id));
    return answerSignedIn(c, tokens, refreshToken === undefined ? 'cookie' : 'body', 200);
  });

  // Public, and never refused: who is not signed in any more has what they asked for.
  routes.post('/auth/logout', async (c) => {
    const { refreshToken } = await parseJson(c, RefreshRequest);
    const ended = [
      await endByRefreshToken(c, refreshToken ?? cookieToken(c)),
      await endByAccessToken(c, presentedAccessToken(c)),
    ];
    for (const id of new Set(ended)) if (id !== null) await forget(c, id);
    clearTokenCookies(c);
    return c.body(null, 204);
  });

  /** After the end is in the database: else a read that began before it would let the session back in. */
  async function forget(c: Context<AppEnv>, authSessionId: string): Promise<void> {
    revocations.note(authSessionId);
    await announceSignOut(c.env, authSessionId);
  }

  async function endByRefreshToken(c: Context<AppEnv>, token: string | undefined): Promise<string | null> {
    return token === undefined ? null : endAuthSessionByHash(c.env, await hashOfRefreshToken(token), now());
  }

  async function endByAccessToken(c: Context<AppEnv>, token: string | undefined): Promise<string | null> {
    const verified = token === undefined ? null : await verifyAccessToken(c.env, token, now()).catch(() => null);
    if (!verified) return null;
    await endAuthSession(c.env, verified.principal.authSessionId, now());
    return verified.principal.authSessionId;
  }

  async function answerSignedIn(
    c: Context<AppEnv>,
    { principal, refreshToken }: SessionTokens,
    delivery: 'cookie' | 'body',
    status: 200 | 201,
  ): Promise<Response> {
    const accessToken = await issueAccessToken(c.env, principal, now());
    const answer: SignedIn = {
      user: { id: String(principal.userId), name: principal.name, role: principal.role },
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

  return routes;
}

function cookieToken(c: Context<AppEnv>): string | undefined {
  const token = refreshCookie(c);
  if (token !== undefined) refuseOtherPages(c);
  return token;
}

/** Another site must not sign a visitor in to an account of its choice. */
function refuseForeignSignIn(c: Context<AppEnv>, delivery: 'cookie' | 'body'): void {
  if (delivery === 'cookie' && pageOriginOf(c.req.raw) === 'other') {
    throw new HearthcastError('forbidden', 'A sign-in with cookies must come from the app itself.');
  }
}
