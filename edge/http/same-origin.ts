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

function askedOrigin(request: Asked): string {
  const { host, protocol } = new URL(request.url);
  return `${isSecure(request) ? 'https:' : protocol}//${host}`;
}

/**
 * Which page sent a request, by the two headers that no page can set. `Sec-Fetch-Site` is missing on plain HTTP
 * and on some browsers' WebSockets, `Origin` on reads; either one that says "same" is proof.
 */
export function pageOriginOf(request: Asked): PageOrigin {
  const asked = askedOrigin(request);
  const origin = request.headers.get('origin');
  const site = request.headers.get('sec-fetch-site');
  if (origin === asked || site === 'same-origin') return 'same';
  return origin === null && site === null ? 'unknown' : 'other';
}

/** The origin of the page that a request comes from, for its own machines to answer; what was asked for where it says none. */
export function callerOrigin(request: Asked): string {
  const origin = request.headers.get('origin');
  if (origin !== null && pageOriginOf(request) === 'same') return origin;
  return askedOrigin(request);
}

/** Another site must not sign a visitor in to an account of its choice. */
export function refuseForeignSignIn(request: Asked, delivery: 'cookie' | 'body'): void {
  if (delivery === 'cookie' && pageOriginOf(request) === 'other') {
    throw new HearthcastError('forbidden', 'A sign-in with cookies must come from the app itself.');
  }
}
