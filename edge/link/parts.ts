import { MAX_PART_BYTES, PUT_HEADERS } from '../../shared/protocol/frames.ts';
import type { ByteRange } from '../../shared/protocol/resources.ts';

/** What the first part says of the whole body. */
export interface BodyHead {
  /** Bytes over all parts. */
  total: number;
  contentType: string;
  etag: string | null;
  /** `bytes a-b/size`, when it is a slice. */
  contentRange: string | null;
}

/** Far above any file; below it every sum is exact. */
const MAX_TOTAL = 2 ** 52;

/**
 * The head of a body from the headers of its first PUT, or null where they do not fit together or do not
 * answer the range that was asked for.
 */
export function readHead(headers: Headers, range: ByteRange | null): BodyHead | null {
  const total = wholeNumber(headers.get(PUT_HEADERS.total));
  const contentType = headers.get(PUT_HEADERS.contentType);
  const etag = headers.get(PUT_HEADERS.etag);
  const contentRange = headers.get(PUT_HEADERS.range);
  if (total === null || total > MAX_TOTAL || !contentType || !safeType(contentType)) return null;
  if (etag !== null && !safeEtag(etag)) return null;
  if (!answersRange(contentRange, total, range)) return null;
  return { total, contentType, etag, contentRange };
}

/** Types that a page could run are refused with what else is malformed: nothing of a disk runs in our origin. */
export function safeType(type: string): boolean {
  return /^[a-z]+\/[a-z0-9.+-]+(; ?[a-z]+=[A-Za-z0-9.,"+-]+)*$/.test(type) && !/html|xml|script/.test(type);
}

export function safeEtag(etag: string): boolean {
  return /^(W\/)?"[\x21\x23-\x7e]{0,96}"$/.test(etag);
}

export function answersRange(contentRange: string | null, total: number, asked: ByteRange | null): boolean {
  if (contentRange === null) return asked === null;
  const match = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(contentRange);
  if (!match || asked === null) return false;
  const [start, end, size] = match.slice(1).map(Number) as [number, number, number];
  if (start !== asked.start || (asked.end !== null && end > asked.end)) return false;
  return end >= start && end < size && end - start + 1 === total;
}

/** The bytes of a part, or null where its length is missing or does not fit what is left of the body. */
export function partLength(headers: Headers, left: number): number | null {
  const length = wholeNumber(headers.get('content-length'));
  if (length === null || length > MAX_PART_BYTES || length > left) return null;
  return length > 0 || left === 0 ? length : null;
}

/** The number of a part from its query, or null. */
export function partNumber(text: string | null): number | null {
  return wholeNumber(text ?? '0');
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d{1,16}$/.test(text) ? Number(text) : null;
}
