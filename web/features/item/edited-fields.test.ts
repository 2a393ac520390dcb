import { expect, it } from 'vitest';
import { readField, textsOf } from './edited-fields.ts';

it.each([
  ['title', ' Heat ', 'Heat'],
  ['title', '  ', undefined],
  ['overview', '', null],
  ['year', '1995', 1995],
  ['year', '1995.5', undefined],
  ['year', 'soon', undefined],
  ['rating', '7,5', 7.5],
  ['genres', 'Crime, Drama ,, Crime', ['Crime', 'Drama']],
  ['tags', '', []],
] as const)('reads %s from “%s”', (name, text, expected) => {
  expect(readField(name, text)).toEqual(expected);
});

it('shows lists with commas, and nothing for what there is not', () => {
  const none = { originalTitle: null, overview: null, tagline: null, certification: null };
  const lists = { genres: ['Crime', 'Drama'], tags: [], studios: [], collections: [], people: [] };
  expect(textsOf({ title: 'Heat', year: 1995, rating: null, ...none, ...lists })).toMatchObject({
    ...{ title: 'Heat', year: '1995', rating: '', overview: '', genres: 'Crime, Drama', tags: '' },
  });
});

it('leaves people out who have no name', () => {
  const people = [
    { name: ' Ann Actor ', role: 'actor' as const, character: ' Eve ' },
    { name: ' ', role: 'director' as const, character: null },
    { name: 'Dan', role: 'director' as const, character: ' ' },
  ];
  expect(readField('people', JSON.stringify(people))).toEqual([
    { name: 'Ann Actor', role: 'actor', character: 'Eve' },
    { name: 'Dan', role: 'director', character: null },
  ]);
});
