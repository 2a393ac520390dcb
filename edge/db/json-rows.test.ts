import { expect, it } from 'vitest';
import { jsonChunks } from './json-rows.ts';

const bytes = (text: string) => new TextEncoder().encode(text).length;

it('keeps all rows in order, in values of less than 2 MB', () => {
  const rows = Array.from({ length: 50 }, (_, i) => [i, 'é'.repeat(100_000)]);
  const chunks = jsonChunks(rows);
  expect(chunks.flatMap((chunk) => JSON.parse(chunk))).toEqual(rows);
  expect(chunks.length).toBeGreaterThan(1);
  for (const chunk of chunks) expect(bytes(chunk)).toBeLessThan(2_000_000);
});

it('has no value for no rows, and refuses a row that fits none', () => {
  expect(jsonChunks([])).toEqual([]);
  expect(() => jsonChunks([['x'.repeat(2_000_000)]])).toThrow(expect.objectContaining({ code: 'too-large' }));
});
