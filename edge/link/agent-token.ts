import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { HearthcastError } from '../../shared/errors.ts';
import { AgentTokenClaims } from '../../shared/protocol/enrolment.ts';
import type { Env } from '../env.ts';
import { nonceExpiry } from './nonce.ts';

/** Longer than any token of ours; what is longer is not worth a signature check. */
const MAX_TOKEN_CHARS = 2048;

/**
 * The claims of an agent's token, when the agent's key signed it for this edge over a nonce of ours that is
 * younger than five minutes. The agent's clock plays no part. Throws `unauthenticated`.
 */
export async function verifyAgentToken(
  env: Pick<Env, 'HEARTHCAST_SECRET'>,
  token: string,
  publicKey: string,
  audienceOrigin: string,
  now: number,
): Promise<AgentTokenClaims> {
  if (token.length > MAX_TOKEN_CHARS) throw refused('is too long');
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: publicKey }, 'EdDSA');
  let payload: unknown;
  try {
    ({ payload } = await jwtVerify(token, key, { algorithms: ['EdDSA'], currentDate: new Date(now) }));
  } catch {
    throw refused('is not signed by this agent');
  }
  const claims = AgentTokenClaims.safeParse(payload);
  if (!claims.success) throw refused('lacks a claim');
  if (!sameHost(claims.data.aud, audienceOrigin)) throw refused('is for another server');
  if ((await nonceExpiry(env, claims.data.nonce, now)) === null) throw refused('carries no fresh nonce of this server');
  return claims.data;
}

/** The bearer token of a request. Throws `unauthenticated`. */
export function bearerOf(request: Request): string {
  const match = /^Bearer ([\w.-]+)$/.exec(request.headers.get('authorization') ?? '');
  if (!match?.[1]) throw refused('is missing');
  return match[1];
}

/** Who a token says it is from: enough to find the key that it must verify with. Throws `unauthenticated`. */
export function claimedAgent(token: string): string {
  try {
    const sub = AgentTokenClaims.shape.sub.safeParse(decodeJwt(token).sub);
    if (sub.success) return sub.data;
  } catch {
    // Not a JWT at all: refused below like one without a subject.
  }
  throw refused('names no agent');
}

/** The agent that a request comes from, by its token and its row in D1. Throws `unauthenticated`. */
export async function agentOf(env: Pick<Env, 'HEARTHCAST_SECRET' | 'DB'>, request: Request): Promise<string> {
  const token = bearerOf(request);
  const agentId = claimedAgent(token);
  const row = await env.DB.prepare('SELECT public_key FROM agent WHERE id = ?1 AND removed_at IS NULL')
    .bind(agentId)
    .first<{ public_key: string }>();
  if (!row) throw refused('is from an agent that is not enrolled');
  await verifyAgentToken(env, token, row.public_key, new URL(request.url).origin, Date.now());
  return agentId;
}

/** By host and port: behind a proxy that ends TLS the scheme seen here is not the one that the agent dialled. */
function sameHost(audience: string, origin: string): boolean {
  return URL.canParse(audience) && new URL(audience).host === new URL(origin).host;
}

const refused = (why: string) => new HearthcastError('unauthenticated', `The agent's token ${why}`);
