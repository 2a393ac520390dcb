/** A browser may keep the answer to its question so long. */
const PREFLIGHT_S = '600';

/**
 * Lets scripts of one page, and of no other, read an answer. The two last are for Chromium's question before a page of
 * another network reaches into this one, by its older name and its newer one.
 */
export function corsHeaders(origin: string): [name: string, value: string][] {
  return [
    ['access-control-allow-origin', origin],
    ['vary', 'origin'],
    ['access-control-allow-methods', 'GET, HEAD'],
    ['access-control-allow-headers', 'range, if-range'],
    ['access-control-expose-headers', 'content-length, content-range, etag'],
    ['access-control-max-age', PREFLIGHT_S],
    ['access-control-allow-private-network', 'true'],
    ['access-control-allow-local-network', 'true'],
  ];
}
