import { expect, it } from 'vitest';
import { libraryWords, subjectWords, until } from './words.ts';

const NAMES = new Map([
  ['1', 'Films'],
  ['2', 'Series'],
  ['3', 'Music'],
]);

it('names what a person sees', () => {
  expect(libraryWords(null, NAMES)).toBe('All libraries');
  expect(libraryWords([], NAMES)).toBe('No library');
  expect(libraryWords(['1', '2'], NAMES)).toBe('Films, Series');
  expect(libraryWords(['1', '2', '3'], NAMES)).toBe('3 libraries');
  expect(libraryWords(['9'], NAMES)).toBe('1 library');
});

it('tells how long something is still good', () => {
  expect(until(7 * 86_400_000, 0)).toBe('in 7 days');
  expect(until(3_600_000, 0)).toBe('in 1 hour');
});

it('names machines without their ids', () => {
  expect(subjectWords('attic (agt_q2bQNTeFOEceZ-sX_31uyA) at Home')).toBe('attic at Home');
  expect(subjectWords('Ann (the younger): films hidden')).toBe('Ann (the younger): films hidden');
});
