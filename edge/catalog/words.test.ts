import { expect, it } from 'vitest';
import { isOneEditAway, restsOf, wordsOf } from './words.ts';

it('takes the words of titles that are long enough for a typo', () => {
  expect([...wordsOf(['The Amélie Affair', '2001: A Space Odyssey'])].sort()).toEqual([
    'affair',
    'amelie',
    'odyssey',
    'space',
  ]);
});

it('leaves each letter out once', () => {
  expect(restsOf('book').sort()).toEqual(['bok', 'boo', 'book', 'ook']);
});

it.each([
  ['matrix', 'matrx'],
  ['matrix', 'matrrix'],
  ['matrix', 'metrix'],
  ['matrix', 'matirx'],
])('calls %s and %s one edit apart', (a, b) => {
  expect(isOneEditAway(a, b)).toBe(true);
  expect(restsOf(a).some((rest) => restsOf(b).includes(rest))).toBe(true);
});

it.each([
  ['matrix', 'matrix'],
  ['matrix', 'matr'],
  ['matrix', 'mtarxi'],
  ['matrix', 'patrol'],
])('does not call %s and %s one edit apart', (a, b) => {
  expect(isOneEditAway(a, b)).toBe(false);
});
