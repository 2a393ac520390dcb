/** What it costs and what is allowed, as far as it could be found out; prices change. */
export const COSTS = `What this does: it makes one D1 database, two R2 buckets and two Workers on your Cloudflare account.

What it costs (list prices of 2026, look them up at https://developers.cloudflare.com/workers/platform/pricing/):
  - The Workers Paid plan, from 5 USD a month. The Free plan does not do: hashing a password takes 50 ms of
    processor time and Free allows 10, and a first scan of 3,000 titles writes more rows than Free allows a day.
  - Included in it: 10 million requests a month. Two hours of film through the relay are about 7,000.
  - Included in it: 50 million D1 rows written. A title writes 50 to 80 once, and an unchanged scan none.
  - Traffic itself is not billed. Files that agents serve directly (home network, own host name) never pass here.

What Cloudflare's terms say: serving video that is not stored with them is not what their CDN is meant for without
a paid plan, and they may limit accounts that move a great deal of it. Let the machines offer direct ways, so that
the relay is the exception; see docs/deploy.md.`;

/** What to do about what wrangler said, in one sentence; null where it speaks for itself. */
export function adviceFor(said: string): string | null {
  const known = ADVICE.find(([pattern]) => pattern.test(said));
  return known?.[1] ?? null;
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /not authenticated|not logged in|10000|Authentication error/i,
    'Sign in with `npx wrangler login`, or renew CLOUDFLARE_API_TOKEN.',
  ],
  [
    /enable R2|10042/i,
    'R2 is not switched on in this account: open R2 in the dashboard once (it asks for a payment method; 10 GB are free).',
  ],
  [
    /workers\.dev subdomain|register a workers/i,
    'Open Workers in the dashboard once, so that your account gets its workers.dev name.',
  ],
  [
    /paid plan|Workers Paid|10097|10195/i,
    'This needs the Workers Paid plan: change it under Workers, Plans in the dashboard.',
  ],
  [
    /could not find zone|zone.*not found|10113/i,
    'The host name must belong to a zone of this account: add the domain there first, or leave out --domain.',
  ],
  [
    /fetch failed|ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN/i,
    'Cloudflare could not be reached: is this machine on the internet?',
  ],
];
