import type { Context } from 'hono';
import { HearthcastError } from '../../shared/errors.ts';
import type { AppEnv } from './context.ts';
import { accessCookie } from './cookies.ts';
import { pageOriginOf } from './same-origin.ts';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The token of `Authorization: Bearer`, which no page of another site can make a browser send. */
export function bearerToken(c: Context<AppEnv>): string | undefined {
  return /^Bearer +([^ ]+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

/** The access token of a request, from its header or its cookie. Throws `forbidden` for another page's use of the cookie. */
export function presentedAccessToken(c: Context<AppEnv>): string | undefined {
  const bearer = bearerToken(c);
  if (bearer) return bearer;
  const cookie = accessCookie(c);
  if (cookie) refuseOtherPages(c);
  return cookie;
}

/** A cookie comes along by itself, so what it may change or open must be asked for by the app's own page. */
export function refuseOtherPages(c: Context<AppEnv>): void {
  const harmless = SAFE_METHODS.has(c.req.method) && c.req.header('upgrade') === undefined;
  if (!harmless && pageOriginOf(c.req.raw) !== 'same') {
    throw new HearthcastError('forbidden', 'A request with cookies must come from the app itself.');
  }
}
