import { createHmac, timingSafeEqual } from 'node:crypto';
import { MAX_READ_TICKET_LENGTH, parseReadTicket, type ReadTicket } from '../../../shared/protocol/sources.ts';

/** Bytes of the tag: 128 bits of HMAC-SHA-256. */
const TAG_BYTES = 16;

/** What a sealed ticket says, or null where it was not made with this key (base64url). */
export function openReadTicket(key: string, word: string): ReadTicket | null {
  if (word.length > MAX_READ_TICKET_LENGTH || !/^[A-Za-z0-9_-]+$/.test(word)) return null;
  const all = Buffer.from(word, 'base64url');
  if (all.length <= TAG_BYTES) return null;
  const text = all.subarray(0, all.length - TAG_BYTES);
  const tag = createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest().subarray(0, TAG_BYTES);
  return timingSafeEqual(tag, all.subarray(-TAG_BYTES)) ? parseReadTicket(text.toString('utf8')) : null;
}
