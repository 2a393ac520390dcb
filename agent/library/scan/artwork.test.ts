import { expect, test } from 'vitest';
import type { Work } from '../../../shared/protocol/sync.ts';
import { artworkOf } from './artwork.ts';
import type { FoundFile } from './folder.ts';

const MOVIE: Work = { kind: 'movie', title: 'Film', year: 2020 };
const EPISODE: Work = { kind: 'episode', series: 'Show', year: null, season: 1, episode: 2, title: null };

const files = (names: string[]): FoundFile[] =>
  names.map((name) => ({ name, path: name, pathHash: '', size: 1, mtimeMs: 0 }));

function roles(
  work: Work,
  own: string[],
  above: string[] = [],
  folder: string | null = 'Film (2020)',
  ownFolder = true,
) {
  const found = artworkOf({ work, stem: 'Film', folder, ownFolder }, { own: files(own), above: files(above) });
  return Object.fromEntries(Object.entries(found).map(([role, file]) => [role, file.name]));
}

test('a film in its own folder has the pictures of the folder', () => {
  expect(roles(MOVIE, ['poster.jpg', 'fanart.png'])).toEqual({ poster: 'poster.jpg', backdrop: 'fanart.png' });
  expect(roles(MOVIE, ['Folder.JPG', 'backdrop.webp'])).toEqual({ poster: 'Folder.JPG', backdrop: 'backdrop.webp' });
});

test('a title that is drawn is found for a film and for a series', () => {
  expect(roles(MOVIE, ['clearlogo.png', 'poster.jpg'])).toEqual({ logo: 'clearlogo.png', poster: 'poster.jpg' });
  expect(roles(MOVIE, ['logo.png', 'Film-clearlogo.png'], [], 'Films', false)).toEqual({ logo: 'Film-clearlogo.png' });
  expect(roles(EPISODE, [], ['logo.png'], 'Season 01')).toEqual({ seriesLogo: 'logo.png' });
});

test('a picture with the name of the film comes before that of the folder', () => {
  expect(roles(MOVIE, ['poster.jpg', 'Film-poster.jpg', 'film-fanart.jpg'])).toEqual({
    poster: 'Film-poster.jpg',
    backdrop: 'film-fanart.jpg',
  });
});

test('among other films only a picture with its own name counts', () => {
  expect(roles(MOVIE, ['poster.jpg', 'Film.jpg', 'fanart.jpg'], [], 'Films', false)).toEqual({ poster: 'Film.jpg' });
});

test('an episode in a folder of its season takes the series from the folder above', () => {
  const above = ['poster.jpg', 'fanart.jpg', 'season01-poster.jpg', 'season02-poster.jpg'];
  expect(roles(EPISODE, ['Film-thumb.jpg'], above, 'Season 01')).toEqual({
    thumb: 'Film-thumb.jpg',
    seriesPoster: 'poster.jpg',
    seriesBackdrop: 'fanart.jpg',
    seasonPoster: 'season01-poster.jpg',
  });
  expect(roles(EPISODE, ['poster.jpg'], [], 'Season 01')).toEqual({ seasonPoster: 'poster.jpg' });
});

test('an episode right in the folder of its series takes it from there, and in the root from nowhere', () => {
  expect(roles(EPISODE, ['poster.jpg'], ['fanart.jpg'], 'Show')).toEqual({ seriesPoster: 'poster.jpg' });
  expect(roles(EPISODE, ['poster.jpg'], [], null)).toEqual({});
});

test('specials have pictures of their own', () => {
  const specials: Work = { ...EPISODE, season: 0 };
  expect(roles(specials, [], ['season-specials-poster.jpg'], 'Specials')).toEqual({
    seasonPoster: 'season-specials-poster.jpg',
  });
});
