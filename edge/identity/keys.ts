import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';

/** What each derived key is for; a key of one purpose never verifies another's tokens. */
export type KeyPurpose =
  | 'ticket'
  | 'stream'
  | `read:${string}`
  | 'nonce'
  | 'access-token'
  | 'image'
  | `access-token:${number}`
  | 'refresh-token'
  | `direct:${string}`
  | 'see-as'
  | 'known-device'
  | 'image-store';

/** 32 random bytes are 43 characters of base64url; anything under 32 is a missing or an invented secret. */
const MIN_SECRET_LENGTH = 32;

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const;

/** One isolate serves one deployment, so its keys are derived once and stay in memory: no look-up on a hot path. */
const derived = new Map<string, Promise<CryptoKey>>();

/** The HMAC-SHA-256 key of a purpose. */
export function macKey(env: Pick<Bindings, 'HEARTHCAST_SECRET'>, purpose: KeyPurpose): Promise<CryptoKey> {
  const id = `${purpose}:${env.HEARTHCAST_SECRET}`;
  let key = derived.get(id);
  if (!key) {
    key = deriveBits(env.HEARTHCAST_SECRET, purpose).then((bits) =>
      crypto.subtle.importKey('raw', bits, HMAC, false, ['sign', 'verify']),
    );
    derived.set(id, key);
  }
  return key;
}

/**
 * 32 bytes derived from the deployment's secret (HKDF-SHA-256), different for each purpose.
 * Throws `unavailable` where there is no proper secret: keys made from nothing would be everybody's.
 */
export async function deriveBits(secret: string, purpose: KeyPurpose): Promise<ArrayBuffer> {
  if (typeof secret !== 'string' || secret.length < MIN_SECRET_LENGTH) {
    throw new HearthcastError(
      'unavailable',
      'HEARTHCAST_SECRET must be 32 random bytes in base64url (43 characters): set it with `wrangler secret put`.',
    );
  }
  const base = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), 'HKDF', false, ['deriveBits']);
  const info = new TextEncoder().encode(`hearthcast:${purpose}`);
  return crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info }, base, 256);
}
