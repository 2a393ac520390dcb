import { type Context, Hono } from 'hono';
import { LoginRequest, RefreshRequest, SetupRequest } from '../../../shared/api/auth.ts';
import { HearthcastError } from '../../../shared/errors.ts';
import { endAuthSession, endAuthSessionByHash } from '../../db/auth-sessions.ts';
import { verifyAccessToken } from '../../identity/access-tokens.ts';
import { refreshSession } from '../../identity/auth-sessions.ts';
import { hashOfRefreshToken } from '../../identity/refresh-tokens.ts';
import { acceptedGenerations } from '../../identity/signing-keys.ts';
import { createFirstOwner, provePassword } from '../../identity/users.ts';
import { presentedAccessToken, refuseOtherPages } from '../access-token.ts';
import type { AppEnv } from '../context.ts';
import { clearTokenCookies, refreshCookie } from '../cookies.ts';
import {
  answerSignedIn,
  beginSession,
  type IdentityOptions,
  record,
  sessionLifetime,
} from '../identity-surroundings.ts';
import { rememberDevice } from '../known-device.ts';
import { parseJson } from '../parse.ts';
import { limitAttempts } from '../rate-limit.ts';
import { refuseForeignSignIn } from '../same-origin.ts';
import { endEverywhere } from '../sign-out.ts';
import { readerOf } from '../standing-reader.ts';

/** The first owner's device, until they sign in elsewhere. */
const SETUP_DEVICE = 'first set-up';

/** Setting up, signing in, staying signed in, signing out. */
export function authRoutes(options: IdentityOptions): Hono<AppEnv> {
  const { standing, now } = options;
  const routes = new Hono<AppEnv>();

  routes.post('/auth/setup', async (c) => {
    const request = await parseJson(c, SetupRequest);
    refuseForeignSignIn(c.req.raw, request.delivery);
    await limitAttempts(c, 'setup', '');
    const owner = await createFirstOwner(c.env, request, now());
    standing.noteChange();
    const tokens = await beginSession(c, options, owner, SETUP_DEVICE);
    if (request.delivery === 'cookie') await rememberDevice(c, owner.name);
    await record(c, options, 'owner.made', owner.name, tokens.signIn);
    return answerSignedIn(c, options, tokens, request.delivery, 201);
  });

  routes.post('/auth/login', async (c) => {
    const request = await parseJson(c, LoginRequest);
    refuseForeignSignIn(c.req.raw, request.delivery);
    await limitAttempts(c, 'login', request.username);
    const user = await provePassword(c.env, request.username, request.password).catch(async (error: unknown) => {
      if (error instanceof HearthcastError && !error.shouldRetry()) {
        await record(c, options, 'sign-in.failed', request.device, { claimed: request.username });
      }
      throw error;
    });
    const tokens = await beginSession(c, options, user, request.device);
    if (request.delivery === 'cookie') await rememberDevice(c, user.name);
    await record(c, options, 'sign-in', request.device, tokens.signIn);
    return answerSignedIn(c, options, tokens, request.delivery, 200);
  });

  routes.post('/auth/refresh', async (c) => {
    const { refreshToken } = await parseJson(c, RefreshRequest);
    const token = refreshToken ?? cookieToken(c);
    if (token === undefined) throw new HearthcastError('unauthenticated');
    const life = { lifetimeMs: await sessionLifetime(c, options), now: now() };
    const tokens = await refreshSession(c.env, token, life, async (signIn) => {
      await endEverywhere(c, standing, [signIn.authSessionId]);
      await record(c, options, 'sign-in.reused', 'an old refresh token was used: the sign-in has ended', signIn);
    });
    return answerSignedIn(c, options, tokens, refreshToken === undefined ? 'cookie' : 'body', 200);
  });

  // Public, and never refused: who is not signed in any more has what they asked for.
  routes.post('/auth/logout', async (c) => {
    const { refreshToken } = await parseJson(c, RefreshRequest);
    const ended = [
      await endByRefreshToken(c, refreshToken ?? cookieToken(c)),
      await endByAccessToken(c, presentedAccessToken(c)),
    ];
    // Both tokens are of one sign-in, as a rule.
    const once = new Map(ended.flatMap((signIn) => (signIn === null ? [] : [[signIn.authSessionId, signIn]])));
    await endEverywhere(c, standing, [...once.keys()]);
    for (const signIn of once.values()) await record(c, options, 'sign-out', '', signIn);
    clearTokenCookies(c);
    return c.body(null, 204);
  });

  async function endByRefreshToken(c: Context<AppEnv>, token: string | undefined) {
    return token === undefined ? null : endAuthSessionByHash(c.env, await hashOfRefreshToken(token), now());
  }

  async function endByAccessToken(c: Context<AppEnv>, token: string | undefined) {
    if (token === undefined) return null;
    const { signing } = await standing.list(readerOf(c));
    const accepted = acceptedGenerations(signing, now());
    const verified = await verifyAccessToken(c.env, token, now(), accepted).catch(() => null);
    if (!verified) return null;
    await endAuthSession(c.env, verified.signIn.authSessionId, now());
    return verified.signIn;
  }

  return routes;
}

function cookieToken(c: Context<AppEnv>): string | undefined {
  const token = refreshCookie(c);
  if (token !== undefined) refuseOtherPages(c);
  return token;
}
