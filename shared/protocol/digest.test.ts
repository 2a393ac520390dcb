import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DigestedFile, hashOfFile, hexOf, RangeSums, rangeEnd, rangeOf, rangeStart } from './digest.ts';

const hex = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 15 }), { minLength: length, maxLength: length })
    .map((digits) => digits.map((digit) => digit.toString(16)).join(''));
const files: fc.Arbitrary<DigestedFile[]> = fc.uniqueArray(
  fc.record({
    pathHash: hex(32),
    path: fc.string({ unit: 'grapheme', maxLength: 40 }),
    size: fc.nat(),
    mtimeMs: fc.nat(),
    content: fc.oneof(hex(32), fc.constantFrom('truncated', 'empty')),
  }),
  { minLength: 1, maxLength: 60, selector: (file) => file.pathHash },
);

function rangesOf(list: readonly DigestedFile[]) {
  const sums = new RangeSums();
  for (const file of list) sums.add(file);
  return sums.ranges();
}

test('[DG2] the digest is the same in whatever order files come', () => {
  fc.assert(
    fc.property(files, (list) => {
      expect(rangesOf([...list].reverse())).toEqual(rangesOf(list));
    }),
  );
});

test('[DG2] a file that is lost, added or changed shows in its own range and in no other', () => {
  const change = fc.constantFrom<(file: DigestedFile) => DigestedFile | null>(
    () => null,
    (file) => ({ ...file, size: file.size + 1 }),
    (file) => ({ ...file, mtimeMs: file.mtimeMs + 1 }),
    (file) => ({ ...file, path: `${file.path}x` }),
    (file) => ({ ...file, content: `${file.content}0` }),
  );
  fc.assert(
    fc.property(files, fc.nat(), change, (list, which, changed) => {
      const at = which % list.length;
      const other = list.flatMap((file, i) => (i === at ? (changed(file) ?? []) : [file]));
      const range = rangeOf(list[at]?.pathHash ?? '');
      const without = (all: ReturnType<typeof rangesOf>) => all.filter((one) => one.range !== range);
      expect(rangesOf(other)).not.toEqual(rangesOf(list));
      expect(without(rangesOf(other))).toEqual(without(rangesOf(list)));
    }),
  );
});

test('every path hash lies in its range and in no other', () => {
  fc.assert(
    fc.property(hex(32), fc.nat(255), (hash, range) => {
      expect(rangeStart(range) <= hash && hash < rangeEnd(range)).toBe(rangeOf(hash) === range);
    }),
  );
});

test('a hash has sixteen digits', () => {
  expect(hexOf(hashOfFile({ pathHash: '0'.repeat(32), path: '', size: 0, mtimeMs: 0, content: '' }))).toMatch(
    /^[0-9a-f]{16}$/,
  );
});
