import { z } from 'zod';
import { HearthcastError } from '../../shared/errors.ts';
import { Fingerprint } from '../../shared/protocol/names.ts';
import type { Env } from '../env.ts';
import { macKey } from '../identity/keys.ts';
import { seal, unseal } from '../identity/sealed.ts';

/** A film with its breaks ends within a day; the ticket of a longer one is renewed by playing again. */
export const TICKET_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** No ticket of ours is longer; anything that is was not made here. */
const MAX_TICKET_LENGTH = 1000;

/** What a media URL carries, so that serving it needs no look-up at all. Renditions are those of the session's plan. */
export interface Ticket {
  session: string;
  /** The owner when the ticket was made; the session may have moved since. */
  agent: string;
  generation: number;
  userId: number;
  itemId: number;
  copyId: number;
  authSessionId: string;
  /** Milliseconds since 1970, whole seconds. */
  expiresAt: number;
  fingerprint: string;
  /** For direct play: the file, so that ranges are judged before anyone is asked. Null for segments. */
  file: { size: number; contentType: string } | null;
}

const Tail = z.string().regex(/^[A-Za-z0-9_-]{22}$/);
const Id = z.number().int().nonnegative();

/** As it is sealed: an array, since names of members would be a third of every URL. */
const Payload = z.tuple([
  z.literal(1),
  Tail,
  Tail,
  z.number().int().positive(),
  Id,
  Id,
  Id,
  z.string().max(64),
  Id,
  Fingerprint,
  z.tuple([Id, z.string().max(100)]).nullable(),
]);

/** A ticket as a word for URLs. */
export async function sealTicket(env: Pick<Env, 'HEARTHCAST_SECRET'>, ticket: Ticket): Promise<string> {
  const payload: z.infer<typeof Payload> = [
    1,
    ticket.session.slice('ses_'.length),
    ticket.agent.slice('agt_'.length),
    ticket.generation,
    ticket.userId,
    ticket.itemId,
    ticket.copyId,
    ticket.authSessionId,
    Math.floor(ticket.expiresAt / 1000),
    ticket.fingerprint,
    ticket.file && [ticket.file.size, ticket.file.contentType],
  ];
  return seal(await macKey(env, 'ticket'), JSON.stringify(payload));
}

/** The ticket of a word, by the key in memory alone. Throws `ticket-invalid`, also for one that has expired. */
export async function openTicket(env: Pick<Env, 'HEARTHCAST_SECRET'>, word: string, now: number): Promise<Ticket> {
  const payload = word.length <= MAX_TICKET_LENGTH ? await unseal(await macKey(env, 'ticket'), word) : null;
  const parsed = payload === null ? null : Payload.safeParse(parseJson(payload));
  if (!parsed?.success) throw new HearthcastError('ticket-invalid');
  const [, session, agent, generation, userId, itemId, copyId, authSessionId, expiresS, fingerprint, file] =
    parsed.data;
  const expiresAt = expiresS * 1000;
  if (now >= expiresAt) throw new HearthcastError('ticket-invalid', 'The ticket has expired: play the item again.');
  return {
    session: `ses_${session}`,
    agent: `agt_${agent}`,
    generation,
    userId,
    itemId,
    copyId,
    authSessionId,
    expiresAt,
    fingerprint,
    file: file && { size: file[0], contentType: file[1] },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
