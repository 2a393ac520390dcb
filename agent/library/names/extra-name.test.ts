import { expect, test } from 'vitest';
import { extraOf, extraOfStem, extrasFolderKind } from './extra-name.ts';

test.each([
  ['Film (2020)-trailer', { kind: 'trailer', before: 'Film (2020)' }],
  ['Film (2020)-trailer2', { kind: 'trailer', before: 'Film (2020)' }],
  ['Making of-behindthescenes', { kind: 'behindthescenes', before: 'Making of' }],
  ['Gag-deletedscene', { kind: 'deleted', before: 'Gag' }],
  ['trailer', { kind: 'trailer', before: '' }],
  ['Film.2020-sample', null],
  ['sample', null],
  ['theme', null],
  ['The Short', undefined],
  ['Big.Short', undefined],
  ['Film (2020)', undefined],
])('%s', (stem, said) => {
  expect(extraOfStem(stem)).toEqual(said);
});

test('folders are known by their names, whatever their case', () => {
  expect(['Trailers', 'Behind The Scenes', 'extras', 'Samples', 'Season 01'].map(extrasFolderKind)).toEqual([
    ...['trailer', 'behindthescenes', 'other', null, undefined],
  ]);
});

test('an extra has a title of its own where its name is not that of its film', () => {
  expect(extraOf('trailer', 'Film (2020)', 'Film (2020) 1080p')).toEqual({ kind: 'trailer', title: null });
  expect(extraOf('other', 'The.Making.of.It', 'Film (2020)')).toEqual({ kind: 'other', title: 'The Making of It' });
});
