import { HearthcastError } from '../../shared/errors.ts';

/** What a request says about the page it comes from; `unknown` is a client that is no browser, or an old one. */
type PageOrigin = 'same' | 'other' | 'unknown';

type Asked = Pick<Request, 'headers' | 'url'>;

/** True where the browser came by HTTPS, also to a proxy in front that ends TLS. */
export function isSecure(request: Asked): boolean {
  return (
    request.url.startsWith('https:') || request.headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https'
  );
}

/**
 * Which page sent a request, by the two headers that no page can set. `Sec-Fetch-Site` is missing on plain HTTP
 * and on some browsers' WebSockets, `Origin` on reads; either one that says "same" is proof.
 */
export function pageOriginOf(request: Asked): PageOrigin {
  const { host, protocol } = new URL(request.url);
  const asked = `${isSecure(request) ? 'https:' : protocol}//${host}`;
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  if (origin === asked || site === 'same-origin') return 'same';
  return origin === null && site === null ? 'unknown' : 'other';
}

/** Another site must not sign a visitor in to an account of its choice. */
export function refuseForeignSignIn(request: Asked, delivery: 'cookie' | 'body'): void {
  if (delivery === 'cookie' && pageOriginOf(request) === 'other') {
    throw new HearthcastError('forbidden', 'A sign-in with cookies must come from the app itself.');
  }
}
