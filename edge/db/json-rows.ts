import { HearthcastError } from '../../shared/errors.ts';

/** D1 refuses values over 2 MB (and the local one does not): this leaves room for the marks around the rows. */
const MAX_VALUE_BYTES = 1_900_000;

const encoder = new TextEncoder();

/**
 * Rows as JSON arrays of arrays for `json_each`, as few as fit D1's largest value. Throws `too-large` where one
 * row alone does not.
 */
export function jsonChunks(rows: readonly unknown[]): string[] {
  const chunks: string[] = [];
  let parts: string[] = [];
  let bytes = 0;
  for (const row of rows) {
    const part = JSON.stringify(row);
    const size = encoder.encode(part).length + 1;
    if (size > MAX_VALUE_BYTES)
      throw new HearthcastError('too-large', 'One claim is larger than the catalog can hold.');
    if (bytes + size > MAX_VALUE_BYTES) {
      chunks.push(`[${parts.join(',')}]`);
      parts = [];
      bytes = 0;
    }
    parts.push(part);
    bytes += size;
  }
  if (parts.length > 0) chunks.push(`[${parts.join(',')}]`);
  return chunks;
}
