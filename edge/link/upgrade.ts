import { HearthcastError } from '../../shared/errors.ts';
import type { Env } from '../env.ts';
import { bearerOf, verifyAgentToken } from './agent-token.ts';
import type { LinkStorage } from './link-storage.ts';
import { NONCE_LIFE_MS } from './nonce.ts';

/**
 * Lets an agent's upgrade in, once for each token, or throws: `gone` where the agent is not enrolled (any
 * more), `unauthenticated` where the token is not good.
 */
export async function authoriseUpgrade(
  env: Pick<Env, 'HEARTHCAST_SECRET'>,
  storage: LinkStorage,
  request: Request,
  now: number,
): Promise<void> {
  if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') {
    throw new HearthcastError('bad-request', 'This address is for the WebSocket of an agent');
  }
  const enrolled = storage.enrolled();
  if (!enrolled) throw new HearthcastError('gone', 'This agent is not enrolled here: enrol it again with a new code');
  const claims = await verifyAgentToken(env, bearerOf(request), enrolled.publicKey, new URL(request.url).origin, now);
  if (claims.sub !== enrolled.agentId || !storage.spendToken(claims.jti, now + NONCE_LIFE_MS, now)) {
    throw new HearthcastError('unauthenticated', "The agent's token was used before");
  }
}
