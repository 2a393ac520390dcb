import { decodeProtectedHeader, errors, type JWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { Role } from '../../shared/api/auth.ts';
import { HearthcastError } from '../../shared/errors.ts';
import type { Bindings } from '../bindings.ts';
import type { SignIn } from './principal.ts';
import { ALGORITHM, FIRST_GENERATION, generationOf, signingKey } from './signing-keys.ts';

/** Seconds that an access token is good for; a session's end is noticed much earlier, by the list of who may come in. */
export const ACCESS_TOKEN_LIFETIME_S = 15 * 60;

/** The deployment's own key tells deployments apart; addresses cannot, since a home network has several. */
const ISSUER = 'urn:hearthcast';
const AUDIENCE = 'urn:hearthcast:api';

const Claims = z.object({
  sub: z.string().regex(/^\d{1,15}$/),
  name: z.string(),
  role: Role,
  sid: z.string(),
  iat: z.number().int(),
});

type Secret = Pick<Bindings, 'HEARTHCAST_SECRET'>;

/** Signs an access token for a sign-in, with the key of a generation. */
export async function issueAccessToken(
  env: Secret,
  signIn: SignIn,
  now: number,
  generation: number = FIRST_GENERATION,
): Promise<string> {
  const { privateKey, jwk } = await signingKey(env, generation);
  const issuedAt = Math.floor(now / 1000);
  return new SignJWT({ name: signIn.name, role: signIn.role, sid: signIn.authSessionId })
    .setProtectedHeader({ alg: ALGORITHM, kid: jwk.kid })
    .setSubject(String(signIn.userId))
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ACCESS_TOKEN_LIFETIME_S)
    .sign(privateKey);
}

/** The generation of the key that a token claims to be signed with; null where it is no token of ours. */
export function claimedGeneration(token: string): number | null {
  try {
    return generationOf(decodeProtectedHeader(token).kid);
  } catch {
    return null;
  }
}

/**
 * The sign-in that an access token names, and when the token was made (ms). Throws `token-expired` when it was good
 * once, and `unauthenticated` for anything else, a key that is not among the accepted generations included. Says
 * nothing of a session that has ended since.
 */
export async function verifyAccessToken(
  env: Secret,
  token: string,
  now: number,
  accepted: readonly number[] = [FIRST_GENERATION],
): Promise<{ signIn: SignIn; issuedAt: number }> {
  const generation = claimedGeneration(token);
  if (generation === null || !accepted.includes(generation)) throw new HearthcastError('unauthenticated');
  const { publicKey } = await signingKey(env, generation);
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      algorithms: [ALGORITHM],
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: new Date(now),
      requiredClaims: ['exp'],
    });
    const { sub, name, role, sid, iat } = Claims.parse(payload);
    return { signIn: { userId: Number(sub), name, role, authSessionId: sid }, issuedAt: iat * 1000 };
  } catch (cause) {
    throw new HearthcastError(cause instanceof errors.JWTExpired ? 'token-expired' : 'unauthenticated', undefined, {
      cause,
    });
  }
}

/** The public halves of the accepted keys, as `/.well-known/jwks.json` shows them. */
export async function publicKeys(env: Secret, accepted: readonly number[]): Promise<{ keys: JWK[] }> {
  const keys = await Promise.all(accepted.map((generation) => signingKey(env, generation)));
  return { keys: keys.map(({ jwk }) => jwk) };
}
