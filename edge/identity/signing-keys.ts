import { calculateJwkThumbprint, exportJWK, importJWK, type JWK } from 'jose';
import type { Bindings } from '../bindings.ts';
import { deriveBits } from './keys.ts';

/** The generation of a deployment that has never rotated its key. */
export const FIRST_GENERATION = 1;

/** For so long after a rotation the older key is accepted: the life of its last tokens, and isolates that are late. */
const OVERLAP_MS = 17 * 60 * 1000;

/** Between two rotations: so that there are never more than two keys to accept and to derive. */
export const MIN_ROTATION_MS = OVERLAP_MS;

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS#8. */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

export const ALGORITHM = 'EdDSA';

export interface SigningKey {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  jwk: JWK & { kid: string };
}

type Generations = readonly { generation: number; createdAt: number }[];

/** Derived once an isolate: no token costs a look-up. Bounded by the generations that are accepted. */
const keys = new Map<string, Promise<SigningKey>>();

/** The key of a generation, derived from the deployment's secret: the database holds no key. */
export function signingKey(env: Pick<Bindings, 'HEARTHCAST_SECRET'>, generation: number): Promise<SigningKey> {
  const id = `${generation}:${env.HEARTHCAST_SECRET}`;
  let key = keys.get(id);
  if (!key) {
    key = deriveKey(env.HEARTHCAST_SECRET, generation);
    keys.set(id, key);
  }
  return key;
}

/** The generation that signs now. */
export function currentGeneration(generations: Generations): number {
  return Math.max(FIRST_GENERATION, ...generations.map(({ generation }) => generation));
}

/** The generations whose tokens may still be alive, the newest first. */
export function acceptedGenerations(generations: Generations, now: number): number[] {
  const newestFirst = [...generations].sort((a, b) => b.generation - a.generation);
  const accepted = newestFirst.filter((_, i) => {
    const successor = newestFirst[i - 1];
    return !successor || now < successor.createdAt + OVERLAP_MS;
  });
  return accepted.length > 0 ? accepted.map(({ generation }) => generation) : [FIRST_GENERATION];
}

/** The generation that a key id names; null where it is no id of ours. */
export function generationOf(kid: string | undefined): number | null {
  const match = /^(\d{1,6})\.[A-Za-z0-9_-]{43}$/.exec(kid ?? '');
  return match ? Number(match[1]) : null;
}

async function deriveKey(secret: string, generation: number): Promise<SigningKey> {
  const pkcs8 = new Uint8Array(PKCS8_PREFIX.length + 32);
  pkcs8.set(PKCS8_PREFIX);
  const purpose = generation === FIRST_GENERATION ? 'access-token' : (`access-token:${generation}` as const);
  pkcs8.set(new Uint8Array(await deriveBits(secret, purpose)), PKCS8_PREFIX.length);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'Ed25519' }, true, ['sign']);
  const { kty, crv, x } = await exportJWK(privateKey);
  const open = { kty, crv, x } as JWK;
  const kid = `${generation}.${await calculateJwkThumbprint(open)}`;
  const publicKey = (await importJWK(open, ALGORITHM)) as CryptoKey;
  return { privateKey, publicKey, jwk: { ...open, kid, use: 'sig', alg: ALGORITHM } };
}
