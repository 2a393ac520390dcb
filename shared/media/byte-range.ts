import type { ByteRange } from '../protocol/resources.ts';

/**
 * Most bytes in one partial answer. A range is long in direct play, and the player asks for the next by itself:
 * so each part finds the owner of its own moment, and nothing need be spliced when a session moves.
 */
export const MAX_RANGE_BYTES = 16 * 1024 * 1024;

/** What a `Range` header asks for: all of it, a part (inclusive), or what does not exist. */
export type RangeDecision =
  | { kind: 'whole' }
  | { kind: 'part'; range: ByteRange & { end: number } }
  | { kind: 'unsatisfiable' };

/**
 * Judges `Range` and `If-Range` (RFC 9110, 14.2 and 13.1.5) for a file of `size` bytes and a strong `etag`, of which
 * at most `most` bytes are given at once.
 * Several ranges, other units and what does not parse are answered with the whole, as the RFC allows.
 */
export function decideRange(
  header: string | undefined,
  ifRange: string | undefined,
  file: { size: number; etag: string; most?: number },
): RangeDecision {
  if (header === undefined) return { kind: 'whole' };
  // A date cannot match: files are known by their content here, and weak tags never match in If-Range.
  if (ifRange !== undefined && ifRange.trim() !== file.etag) return { kind: 'whole' };
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header.trim());
  if (!match || (match[1] === '' && match[2] === '')) return { kind: 'whole' };
  const last = file.size - 1;
  const most = file.most ?? MAX_RANGE_BYTES;

  if (match[1] === '') {
    const suffix = Number(match[2]);
    if (suffix === 0 || file.size === 0) return { kind: 'unsatisfiable' };
    return part(Math.max(0, file.size - suffix), last, most);
  }
  const start = Number(match[1]);
  const end = match[2] === '' ? last : Number(match[2]);
  if (end < start && match[2] !== '') return { kind: 'whole' };
  return start > last ? { kind: 'unsatisfiable' } : part(start, Math.min(end, last), most);
}

function part(start: number, end: number, most: number): RangeDecision {
  return { kind: 'part', range: { start, end: Math.min(end, start + most - 1) } };
}
