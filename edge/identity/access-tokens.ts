import { calculateJwkThumbprint, errors, exportJWK, importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Role } from '../../shared/api/auth.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Env } from '../env.ts';
import { deriveBits } from './keys.ts';
import type { Principal } from './principal.ts';

/** Seconds that an access token is good for; a session's end is noticed much earlier, by the revocation list. */
export const ACCESS_TOKEN_LIFETIME_S = 15 * 60;

/** The deployment's own key tells deployments apart; addresses cannot, since a home network has several. */
const ISSUER = 'urn:hearthcast';
const AUDIENCE = 'urn:hearthcast:api';
const ALGORITHM = 'EdDSA';

/** RFC 8410: what stands before the 32 bytes of an Ed25519 private key in PKCS#8. */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

const Claims = z.object({
  sub: z.string().regex(/^\d{1,15}$/),
  name: z.string(),
  role: Role,
  sid: z.string(),
  iat: z.number().int(),
});

interface SigningKey {
  privateKey: CryptoKey;
  publicKey: CryptoKey;
  jwk: JWK & { kid: string };
}

type Secret = Pick<Env, 'HEARTHCAST_SECRET'>;

/** One deployment an isolate, so one key: derived once, and no token costs a look-up. */
const keys = new Map<string, Promise<SigningKey>>();

/** Signs an access token for a person. */
export async function issueAccessToken(env: Secret, principal: Principal, now: number): Promise<string> {
  const { privateKey, jwk } = await signingKey(env);
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT({ name: principal.name, role: principal.role, sid: principal.authSessionId })
    .setProtectedHeader({ alg: ALGORITHM, kid: jwk.kid })
    .setSubject(String(principal.userId))
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_TOKEN_LIFETIME_S)
    .sign(privateKey);
}

/**
 * Whom an access token names, and when it was made (ms). Throws `token-expired` when it was good once, and
 * `unauthenticated` for anything else. Says nothing of a session that has ended since.
 */
export async function verifyAccessToken(
  env: Secret,
  token: string,
  now: number,
): Promise<{ principal: Principal; issuedAt: number }> {
  const { publicKey } = await signingKey(env);
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
    });
    const { sub, name, role, sid, iat } = Claims.parse(payload);
    return { principal: { userId: Number(sub), name, role, authSessionId: sid }, issuedAt: iat * 1000 };
  } catch (cause) {
    throw new HearthcastError(cause instanceof errors.JWTExpired ? 'token-expired' : 'unauthenticated', undefined, {
      cause,
    });
  }
}

/** The public half, as `/.well-known/jwks.json` shows it. */
export async function publicKeys(env: Secret): Promise<{ keys: JWK[] }> {
  const { jwk } = await signingKey(env);
  return { keys: [jwk] };
}

function signingKey(env: Secret): Promise<SigningKey> {
  let key = keys.get(env.HEARTHCAST_SECRET);
  if (!key) {
    key = deriveKey(env.HEARTHCAST_SECRET);
    keys.set(env.HEARTHCAST_SECRET, key);
  }
  return key;
}

async function deriveKey(secret: string): Promise<SigningKey> {
  const pkcs8 = new Uint8Array(PKCS8_PREFIX.length + 32);
  pkcs8.set(PKCS8_PREFIX);
  pkcs8.set(new Uint8Array(await deriveBits(secret, 'access-token')), PKCS8_PREFIX.length);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'Ed25519' }, true, ['sign']);
  const { kty, crv, x } = await exportJWK(privateKey);
  const open = { kty, crv, x } as JWK;
  const kid = await calculateJwkThumbprint(open);
  const publicKey = (await importJWK(open, ALGORITHM)) as CryptoKey;
  return { privateKey, publicKey, jwk: { ...open, kid, use: 'sig', alg: ALGORITHM } };
}
