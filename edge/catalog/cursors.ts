import { z } from 'zod';
import { HearthcastError } from '../../shared/errors.ts';
import { fromBase64Url, toBase64Url } from '../identity/sealed.ts';

/** A cursor for the client to hand back: opaque, in base64url. It carries a place, never a right. */
export function encodeCursor(place: unknown): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(place)));
}

/** The place that a cursor names, in the shape of a schema; null for none. Throws `bad-request` for any other text. */
export function decodeCursor<T extends z.ZodType>(cursor: string | undefined, schema: T): z.infer<T> | null {
  if (cursor === undefined) return null;
  const bytes = fromBase64Url(cursor);
  try {
    if (bytes)
      return schema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)));
  } catch {
    // Not a cursor of this list: answered below like any other text.
  }
  throw new HearthcastError('bad-request', 'The cursor is not one of this list. Begin again without it.');
}

const MAX_ID = Number.MAX_SAFE_INTEGER;

/** Ids are decimal strings outside. Throws `not-found`, since no such thing can be there. */
export function idOf(text: string): number {
  const id = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  if (id < 1 || id > MAX_ID) throw new HearthcastError('not-found');
  return id;
}

/** An id inside a cursor. */
export const CursorId = z.number().int().nonnegative().max(MAX_ID);
