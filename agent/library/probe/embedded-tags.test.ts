import { expect, test } from 'vitest';
import { embeddedMetadata } from './embedded-tags.ts';

test('descriptions, genres and whole dates of the tags are told, the longer description first', () => {
  const tags = {
    title: 'www.release.example',
    description: 'Short.',
    synopsis: 'Long.',
    genre: 'Drama; Comedy',
    date: '2001-02-03T04:05:06Z',
  };
  expect(embeddedMetadata(tags)).toEqual({ overview: 'Long.', genres: ['Drama', 'Comedy'], premieredAt: '2001-02-03' });
});

test.each([[{}], [{ date: '2001', genre: '', description: ' ' }], [{ genre: 'g'.repeat(300) }]])(
  '%j says nothing',
  (tags) => {
    expect(embeddedMetadata(tags)).toEqual({});
  },
);
