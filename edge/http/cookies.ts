import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppEnv } from './context.ts';
import { isSecure } from './same-origin.ts';

/** The refresh cookie goes to these routes alone. */
const REFRESH_PATH = '/api/v1/auth';

const COMMON = { httpOnly: true, sameSite: 'Strict' } as const;

/** Prefixes bind a cookie to its host, wherever TLS is; on a home network's plain HTTP browsers refuse them. */
const accessName = (secure: boolean) => (secure ? '__Host-hc_access' : 'hc_access');
const refreshName = (secure: boolean) => (secure ? '__Secure-hc_refresh' : 'hc_refresh');

/** Sets both tokens. Lifetimes in seconds. */
export function setTokenCookies(
  c: Context<AppEnv>,
  access: { token: string; maxAgeS: number },
  refresh: { token: string; maxAgeS: number },
): void {
  const secure = isSecure(c.req.raw);
  setCookie(c, accessName(secure), access.token, { ...COMMON, secure, path: '/', maxAge: access.maxAgeS });
  setCookie(c, refreshName(secure), refresh.token, { ...COMMON, secure, path: REFRESH_PATH, maxAge: refresh.maxAgeS });
}

/** Takes both tokens away. */
export function clearTokenCookies(c: Context<AppEnv>): void {
  const secure = isSecure(c.req.raw);
  deleteCookie(c, accessName(secure), { ...COMMON, secure, path: '/' });
  deleteCookie(c, refreshName(secure), { ...COMMON, secure, path: REFRESH_PATH });
}

export function accessCookie(c: Context<AppEnv>): string | undefined {
  return getCookie(c, accessName(isSecure(c.req.raw)));
}

export function refreshCookie(c: Context<AppEnv>): string | undefined {
  return getCookie(c, refreshName(isSecure(c.req.raw)));
}
