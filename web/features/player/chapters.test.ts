import { expect, it } from 'vitest';
import { chapterAt, filmChapters } from './chapters.ts';

const CHAPTERS = [
  { startMs: 0, title: 'Opening' },
  { startMs: 600_000, title: ' ' },
  { startMs: 9_000_000, title: 'Behind the end' },
];

it('chapters have a name each, and lie within the film', () => {
  expect(filmChapters(CHAPTERS, 7_200)).toEqual([
    { index: 0, start: 0, title: 'Opening' },
    { index: 1, start: 600, title: 'Chapter 2' },
  ]);
  expect(filmChapters(CHAPTERS.slice(0, 1), 7_200)).toEqual([]);
});

it('a second lies in the chapter that began last', () => {
  const chapters = filmChapters(CHAPTERS, 7_200);
  expect([0, 599, 600, 7_000].map((at) => chapterAt(chapters, at)?.title)).toEqual([
    'Opening',
    'Opening',
    'Chapter 2',
    'Chapter 2',
  ]);
  expect(chapterAt([], 5)).toBeNull();
});
