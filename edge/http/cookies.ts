import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { AppEnv } from './context.ts';
import { isSecure } from './same-origin.ts';

/** The refresh cookie goes to these routes alone. */
const REFRESH_PATH = '/api/v1/auth';

const COMMON = { httpOnly: true, sameSite: 'Strict' } as const;

/** Prefixes bind a cookie to its host, wherever TLS is; on a home network's plain HTTP browsers refuse them. */
const accessName = (secure: boolean) => (secure ? '__Host-hc_access' : 'hc_access');
const deviceName = (secure: boolean) => (secure ? '__Secure-hc_device' : 'hc_device');
const refreshName = (secure: boolean) => (secure ? '__Secure-hc_refresh' : 'hc_refresh');

/** The longest that browsers keep a cookie: 400 days. */
const DEVICE_MAX_AGE_S = 400 * 24 * 60 * 60;

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

/** Marks this browser; see `rememberDevice`. */
export function setDeviceCookie(c: Context<AppEnv>, word: string): void {
  const secure = isSecure(c.req.raw);
  setCookie(c, deviceName(secure), word, { ...COMMON, secure, path: REFRESH_PATH, maxAge: DEVICE_MAX_AGE_S });
}

export function deviceCookie(c: Context<AppEnv>): string | undefined {
  return getCookie(c, deviceName(isSecure(c.req.raw)));
}

export function accessCookie(c: Context<AppEnv>): string | undefined {
  return getCookie(c, accessName(isSecure(c.req.raw)));
}

export function refreshCookie(c: Context<AppEnv>): string | undefined {
  return getCookie(c, refreshName(isSecure(c.req.raw)));
}
