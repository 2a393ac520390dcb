import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  DIRECT_TAG_BYTES,
  type DirectTicket,
  MAX_DIRECT_TICKET_LENGTH,
  parseDirectPayload,
} from '../../shared/protocol/direct.ts';

/**
 * The ticket of a word, by this agent's key alone; null for a word that was not made for it, was changed, or has
 * expired. `now` is by the edge's clock, in ms.
 */
export function openDirectTicket(key: Buffer, word: string, now: number): DirectTicket | null {
  if (word.length > MAX_DIRECT_TICKET_LENGTH || !/^[A-Za-z0-9_-]+$/.test(word)) return null;
  const sealed = Buffer.from(word, 'base64url');
  const payload = sealed.subarray(0, -DIRECT_TAG_BYTES);
  const tag = sealed.subarray(-DIRECT_TAG_BYTES);
  const expected = createHmac('sha256', key).update(payload).digest().subarray(0, DIRECT_TAG_BYTES);
  if (tag.length !== DIRECT_TAG_BYTES || !timingSafeEqual(tag, expected)) return null;
  const ticket = parseDirectPayload(payload.toString('utf8'));
  return ticket && now < ticket.expiresAt ? ticket : null;
}
