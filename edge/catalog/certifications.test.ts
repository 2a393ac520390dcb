import { expect, it } from 'vitest';
import { ageOf } from './certifications.ts';

it.each([
  ['G', 0],
  ['PG', 8],
  ['PG-13', 13],
  ['Rated R', 17],
  ['US:TV-MA', 17],
  ['tv-14', 14],
  ['DE:FSK 16', 16],
  ['FSK-0', 0],
  ['DE-12', 12],
  ['12A', 12],
  ['GB:U', 0],
  ['AU:M', 15],
  ['NZ:M', 16],
  ['MA15+', 15],
  ['FR:TP', 0],
  ['16+', 16],
  ['M/12', 12],
  ['BR:A14', 14],
])('reads %s as %d years', (text, age) => {
  expect(ageOf(text)).toBe(age);
});

it.each(['NR', 'Not Rated', 'unrated', 'DE:NR', 'Banana', '99', ''])('knows no age for %s', (text) => {
  expect(ageOf(text)).toBeNull();
});
