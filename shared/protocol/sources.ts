import { z } from 'zod';
import { MediaInfo } from '../media/media-info.ts';
import { AgentId, Fingerprint, PathHash, RootId, SessionId } from './names.ts';
import { MadeResource } from './resources.ts';

/** Addresses of one machine on its home network. */
export const MAX_LENDING_ADDRESSES = 8;

/** Folders of other machines that one machine has as folders of its own. */
export const MAX_MAPPINGS = 64;

/** No ticket of ours is longer; anything that is was not made by an edge. */
export const MAX_READ_TICKET_LENGTH = 1000;

/** An origin on a home network: scheme, host and port. */
const LanOrigin = z.string().regex(/^https?:\/\/[^\s/?#@]{1,253}$/);

/** Where other machines of its site may read an agent's files; empty is nowhere. */
export const LendsAt = z.array(LanOrigin).max(MAX_LENDING_ADDRESSES);

/** A folder of another agent that this machine has as a folder too (a shared disk); where stays on the machine. */
export const Mapped = z.array(z.object({ agent: AgentId, root: RootId })).max(MAX_MAPPINGS);

/** A copy on another agent of the same site, of which a session is to be encoded here. */
export const FilmSource = z.object({
  /** Whose it is: the session's copy is one of that agent's. */
  agent: AgentId,
  /** Below its root: for a machine that has that folder as a folder of its own, which trusts the fingerprint alone. */
  path: z.string().min(1).max(4096),
  size: z.number().int().nonnegative(),
  /** Milliseconds since 1970. */
  mtimeMs: z.number(),
  media: MediaInfo,
  addresses: LendsAt,
  ticket: z.string().min(1).max(MAX_READ_TICKET_LENGTH),
});
export type FilmSource = z.infer<typeof FilmSource>;

/** What a read ticket says: which agent may read which file of which other one, for which session, until when. */
export interface ReadTicket {
  /** Whose file it is. */
  lender: string;
  /** Who may read it, and the public half of that agent's Ed25519 key (base64url). */
  reader: string;
  readerKey: string;
  session: string;
  generation: number;
  root: string;
  pathHash: string;
  fingerprint: string;
  /** Milliseconds since 1970 by the edge's clock, whole seconds. */
  expiresAt: number;
}

/** As it is sealed: an array, since it goes with every read. */
const Payload = z.tuple([
  z.literal(1),
  AgentId,
  AgentId,
  z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  SessionId,
  z.number().int().positive(),
  RootId,
  PathHash,
  Fingerprint,
  z.number().int().positive(),
]);

export function readTicketText(ticket: ReadTicket): string {
  const { lender, reader, readerKey, session, generation, root, pathHash, fingerprint, expiresAt } = ticket;
  const payload: z.infer<typeof Payload> = [
    ...([1, lender, reader, readerKey, session, generation] as const),
    ...([root, pathHash, fingerprint, Math.floor(expiresAt / 1000)] as const),
  ];
  return JSON.stringify(payload);
}

/** Null for anything else than the text of a ticket. */
export function parseReadTicket(text: string): ReadTicket | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = Payload.safeParse(json);
  if (!parsed.success) return null;
  const [, lender, reader, readerKey, session, generation, root, pathHash, fingerprint, expiresS] = parsed.data;
  return { lender, reader, readerKey, session, generation, root, pathHash, fingerprint, expiresAt: expiresS * 1000 };
}

/** What one request reads: bytes of the file, or what the file's own agent makes of it. */
export const ReadWish = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('bytes'),
    start: z.number().int().nonnegative(),
    /** The last one. */
    end: z.number().int().nonnegative(),
  }),
  z.object({
    kind: z.literal('made'),
    resource: MadeResource,
  }),
]);
export type ReadWish = z.infer<typeof ReadWish>;

/** Most bytes of one read. */
export const MAX_READ_BYTES = 1024 * 1024;

/** What the reader signs: one wish of one ticket. Whoever hears it on the wire can repeat that read and no other. */
export function readProofText(ticket: string, wish: string): string {
  return `hearthcast-read-1\n${ticket}\n${wish}`;
}

/** Headers of a read. */
export const READ_HEADERS = { ticket: 'hc-read-ticket', wish: 'hc-read-wish', proof: 'hc-read-proof' } as const;

/** Below which address of an agent's listener files are read. */
export const READ_PREFIX = '/lend/v1/';
