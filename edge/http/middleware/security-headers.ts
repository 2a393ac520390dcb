import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from '../context.ts';
import { isServerPath } from '../policy.ts';

/**
 * The web app's policy. No script but its own files; `blob:` is for media source buffers and the worker that
 * feeds them; inline styles are what the player's web components put into their shadow roots. WebAssembly draws subtitles: it is
 * fetched from here like any script, and can do no more than one. Films may come from a machine's own address, which nobody
 * knows when the page is served.
 */
const APP_CSP = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' blob: data:",
  "media-src 'self' blob: http: https:",
  "connect-src 'self' http: https:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** For everything that is not the web app: opened by itself, it may run and load nothing in the app's origin. */
const DATA_CSP = "default-src 'none'; frame-ancestors 'none'; sandbox";

const COMMON = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** The headers of the web app's files; the same that `web/public/_headers` gives where no Worker runs. */
const APP_HEADERS: Readonly<Record<string, string>> = {
  ...COMMON,
  'content-security-policy': APP_CSP,
  'cross-origin-opener-policy': 'same-origin',
};

const DATA_HEADERS: Readonly<Record<string, string>> = { ...COMMON, 'content-security-policy': DATA_CSP };

/** A year, for this host alone: what the owner runs on neighbouring names is not ours to decide. */
const HSTS = 'max-age=31536000';

/** Puts the security headers on every answer, and `no-store` on API answers that say nothing of caches. */
export function securityHeaders(): MiddlewareHandler<AppEnv> {
  return async function securityHeaders(c, next) {
    await next();
    // An upgrade has no document to protect, and its socket would be lost in a copy.
    if (c.res.status === 101) return;
    const answer = new Response(c.res.body, c.res);
    const headers = isServerPath(c.req.path) ? DATA_HEADERS : APP_HEADERS;
    for (const [name, value] of Object.entries(headers)) answer.headers.set(name, value);
    if (c.req.url.startsWith('https:')) answer.headers.set('strict-transport-security', HSTS);
    if (c.req.path.startsWith('/api/') && !answer.headers.has('cache-control')) {
      answer.headers.set('cache-control', 'no-store');
    }
    answer.headers.set('x-request-id', c.var.requestId);
    // Emptied first: else the setter copies the old headers over the new.
    c.res = undefined;
    c.res = answer;
  };
}
