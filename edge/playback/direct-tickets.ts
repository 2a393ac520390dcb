import { DIRECT_PATH, type DirectTicket, directPayload } from '../../shared/protocol/direct.ts';
import type { Env } from '../env.ts';
import { deriveBits, macKey } from '../identity/keys.ts';
import { seal, toBase64Url } from '../identity/sealed.ts';

type Secret = Pick<Env, 'HEARTHCAST_SECRET'>;

/**
 * The key by which one agent knows its tickets. Each agent has its own: with it a machine could only make tickets for
 * itself, and its own files it has anyway.
 */
export async function directKeyOf(env: Secret, agentId: string): Promise<string> {
  return toBase64Url(new Uint8Array(await deriveBits(env.HEARTHCAST_SECRET, `direct:${agentId}`)));
}

/** A ticket as a path at any address of its agent. */
export async function directPath(env: Secret, ticket: DirectTicket): Promise<string> {
  const key = await macKey(env, `direct:${ticket.agent}`);
  return `${DIRECT_PATH}${await seal(key, directPayload(ticket))}`;
}
