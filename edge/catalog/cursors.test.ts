import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { decodeCursor, encodeCursor, idOf } from './cursors.ts';

const Place = z.object({ key: z.union([z.string(), z.number()]), id: z.number() });

it('gives back the place that it was made of', () => {
  fc.assert(
    fc.property(fc.record({ key: fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer()), id: fc.nat() }), (place) => {
      const cursor = encodeCursor(place);
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      expect(decodeCursor(cursor, Place)).toEqual(place);
    }),
  );
});

it('is nowhere without a cursor, and refuses every other text', () => {
  expect(decodeCursor(undefined, Place)).toBeNull();
  for (const text of ['', 'x', '=', encodeCursor({ key: 1 }), encodeCursor([]), 'e30', '_____w']) {
    expect(() => decodeCursor(text, Place)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  }
});

it('takes decimal ids alone', () => {
  expect(idOf('42')).toBe(42);
  for (const text of ['', '0', '-1', '1.5', '0x10', '1e3', '99999999999999999', 'abc']) {
    expect(() => idOf(text)).toThrow(expect.objectContaining({ code: 'not-found' }));
  }
});
