import type { Env } from '../env.ts';
import { macKey } from '../identity/keys.ts';
import { seal, toBase64Url, unseal } from '../identity/sealed.ts';

/** How long a nonce can be signed: the only clock that counts is the edge's. */
export const NONCE_LIFE_MS = 5 * 60 * 1000;

/** A nonce that carries its own age under a MAC, so that nothing is kept for the ones never used. */
export async function makeNonce(env: Pick<Env, 'HEARTHCAST_SECRET'>, now: number): Promise<string> {
  const random = toBase64Url(crypto.getRandomValues(new Uint8Array(12)));
  return seal(await macKey(env, 'nonce'), `${now}|${random}`);
}

/** When a nonce stops being valid, or null where it is not ours or too old. */
export async function nonceExpiry(
  env: Pick<Env, 'HEARTHCAST_SECRET'>,
  nonce: string,
  now: number,
): Promise<number | null> {
  const payload = await unseal(await macKey(env, 'nonce'), nonce);
  if (payload === null) return null;
  const expiresAt = Number(payload.split('|')[0]) + NONCE_LIFE_MS;
  return expiresAt > now ? expiresAt : null;
}
