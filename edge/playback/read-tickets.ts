import { type FilmSource, type ReadTicket, readTicketText } from '../../shared/protocol/sources.ts';
import type { Env } from '../env.ts';
import { deriveBits, macKey } from '../identity/keys.ts';
import { seal, toBase64Url } from '../identity/sealed.ts';
import type { Source } from './source.ts';

/**
 * The key with which an agent verifies tickets for its own files. No other agent has it, so none can make a ticket for
 * files that are not its own.
 */
export async function readKeyOf(env: Pick<Env, 'HEARTHCAST_SECRET'>, lender: string): Promise<string> {
  return toBase64Url(new Uint8Array(await deriveBits(env.HEARTHCAST_SECRET, `read:${lender}`)));
}

/** What an agent needs to read another one's file for a session: where it lies, what is in it, and the ticket. */
export async function lendFilm(
  env: Pick<Env, 'HEARTHCAST_SECRET'>,
  source: Source,
  about: Omit<ReadTicket, 'lender' | 'readerKey'>,
): Promise<FilmSource> {
  const { agentId: agent, readerKey, path, size, mtimeMs, media, addresses } = source;
  const text = readTicketText({ ...about, lender: agent, readerKey });
  const ticket = await seal(await macKey(env, `read:${agent}`), text);
  return { agent, path, size, mtimeMs, media, addresses, ticket };
}
