import type { Bindings } from '../bindings.ts';
import { macKey } from './keys.ts';
import { toBase64Url } from './sealed.ts';

/** `<session>.<secret>`: the session's id tells whose an old token was; the secret is 256 bits. */
const FORM = /^(ats_[A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

/** The session that a token claims to be of, or null where it is no refresh token. */
export function sessionOfRefreshToken(token: string): string | null {
  return FORM.exec(token)?.[1] ?? null;
}

/** The first refresh token of a session. */
export function firstRefreshToken(sessionId: string): string {
  return `${sessionId}.${toBase64Url(crypto.getRandomValues(new Uint8Array(32)))}`;
}

/**
 * The token that replaces another. It follows from the old one and the deployment's secret, so that two tabs
 * which present the same token at once are answered with the same successor, in whatever order they are served.
 */
export async function successorOf(env: Pick<Bindings, 'HEARTHCAST_SECRET'>, token: string): Promise<string> {
  const key = await macKey(env, 'refresh-token');
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(token));
  return `${sessionOfRefreshToken(token)}.${toBase64Url(new Uint8Array(mac))}`;
}

/** What the database keeps of a token: its SHA-256 in base64url. */
export async function hashOfRefreshToken(token: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))));
}
