import type { Env } from '../env.ts';
import { macKey } from '../identity/keys.ts';
import { seal, toBase64Url, unseal } from '../identity/sealed.ts';

/** The longest a viewer's request can last: a whole file over a slow line. Its end comes first as a rule. */
export const STREAM_LIFE_MS = 12 * 60 * 60 * 1000;

export interface StreamClaims {
  agentId: string;
  session: string | null;
  generation: number;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * A word that authorises the PUTs of one byte request: its claims and their MAC, and 64 random bits so that
 * no two requests share one.
 */
export async function makeStreamId(env: Pick<Env, 'HEARTHCAST_SECRET'>, claims: StreamClaims): Promise<string> {
  const random = toBase64Url(crypto.getRandomValues(new Uint8Array(8)));
  const { agentId, session, generation, expiresAt } = claims;
  return seal(await macKey(env, 'stream'), [agentId, session ?? '', generation, expiresAt, random].join('|'));
}

/** The claims of a stream id, or why it authorises nothing. Needs no look-up. */
export async function readStreamId(
  env: Pick<Env, 'HEARTHCAST_SECRET'>,
  word: string,
  now: number,
): Promise<StreamClaims | 'forged' | 'expired'> {
  const payload = await unseal(await macKey(env, 'stream'), word);
  if (payload === null) return 'forged';
  const [agentId, session, generation, expiresAt] = payload.split('|') as [string, string, string, string];
  const claims = { agentId, session: session || null, generation: Number(generation), expiresAt: Number(expiresAt) };
  return claims.expiresAt <= now ? 'expired' : claims;
}
