import { z } from 'zod';
import { AgentId, SessionId } from './names.ts';

/** Addresses that one agent announces at most. */
export const MAX_DIRECT_ADDRESSES = 16;

/** Requests of one session at once, as over the edge [BY9]; and of all viewers of one agent. */
export const MAX_DIRECT_OF_SESSION = 12;
export const MAX_DIRECT_OF_AGENT = 256;

/** An agent that has been cut off from the edge for so long serves nobody: what ended meanwhile it cannot know. */
export const DIRECT_WITHOUT_EDGE_MS = 90_000;

/** Below this path an agent answers viewers: `/direct/v1/{ticket}/…`, named as below `/stream/{ticket}/…` of the edge. */
export const DIRECT_PATH = '/direct/v1/';

/** An origin: scheme, host and port. */
const Origin = z
  .string()
  .max(260)
  .regex(/^https?:\/\/[^/?#\s]+$/);

/**
 * An address that viewers may try, and where it leads: to the machine itself, into a network of its own (private,
 * link-local, a tailnet), or anywhere. Browsers ask their user before a page of another network may go there.
 */
export const DirectAddress = z.object({ url: Origin, reach: z.enum(['loopback', 'local', 'public']) });
export type DirectAddress = z.infer<typeof DirectAddress>;

/** Of the hello: this machine can be reached directly. */
export const DirectAnnouncement = z.object({ addresses: z.array(DirectAddress).max(MAX_DIRECT_ADDRESSES) });
export type DirectAnnouncement = z.infer<typeof DirectAnnouncement>;

/** 32 bytes in base64url: the key by which one agent, and no other, knows the tickets that the edge made for it. */
export const DirectKey = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** What was served past the edge since the report before. */
export const DirectService = z.object({
  session: SessionId,
  generation: z.number().int().positive(),
  /** The announced address that its viewer came by; null for another one. */
  address: Origin.nullable(),
  bytes: z.number().int().nonnegative(),
});
export type DirectService = z.infer<typeof DirectService>;

/** `probe` proves who answers at an address and opens nothing; `media` opens one session's bytes. */
const DirectPurpose = z.enum(['probe', 'media']);

/** As it is sealed: the payload, followed by 16 bytes of HMAC-SHA-256 over it under the agent's key, in base64url. */
const Payload = z.tuple([
  z.literal(1),
  DirectPurpose,
  AgentId,
  SessionId,
  z.number().int().positive(),
  Origin,
  z.number().int().positive(),
]);

/** What a direct address carries, so that an agent serves it with no look-up. */
export interface DirectTicket {
  purpose: z.infer<typeof DirectPurpose>;
  agent: string;
  session: string;
  generation: number;
  /** Of the page that plays: no other page's script reads the answer. */
  origin: string;
  /** Milliseconds since 1970, whole seconds, by the edge's clock. */
  expiresAt: number;
}

/** Bytes of a ticket's MAC. */
export const DIRECT_TAG_BYTES = 16;

/** No ticket of ours is longer. */
export const MAX_DIRECT_TICKET_LENGTH = 700;

export function directPayload(ticket: DirectTicket): string {
  const { purpose, agent, session, generation, origin, expiresAt } = ticket;
  return JSON.stringify([1, purpose, agent, session, generation, origin, Math.floor(expiresAt / 1000)]);
}

/** Null for a text that is no payload of a ticket. It says nothing of its MAC. */
export function parseDirectPayload(text: string): DirectTicket | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = Payload.safeParse(value);
  if (!parsed.success) return null;
  const [, purpose, agent, session, generation, origin, expiresS] = parsed.data;
  return { purpose, agent, session, generation, origin, expiresAt: expiresS * 1000 };
}

/** A viewer's question who answers at an address: 32 random bytes in base64url. */
export const DirectNonce = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** Signed with the agent's enrolment key (Ed25519), base64url. */
export const DirectIdentity = z.object({ signature: z.string().regex(/^[A-Za-z0-9_-]{86}$/) });

/**
 * What an agent signs to prove itself. Begins as nothing else that it signs: its tokens are JWTs, which begin with
 * `eyJ`.
 */
export function identityStatement(about: { agentId: string; nonce: string; origin: string }): string {
  return `hearthcast-direct-1\n${about.agentId}\n${about.nonce}\n${about.origin}`;
}
