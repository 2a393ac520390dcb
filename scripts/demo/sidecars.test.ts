import { expect, it } from 'vitest';
import { episodeNfo, storyNfo } from './sidecars.ts';
import { EPISODE_STORIES, STORIES } from './stories.ts';
import { FILMS, SERIES } from './titles.ts';

it('tells a story of every film, the series and each of its episodes', () => {
  for (const { title } of [...FILMS, SERIES]) expect(STORIES[title]?.genres.length).toBeGreaterThan(0);
  for (const title of SERIES.seasons.flat()) expect(EPISODE_STORIES[title]).toBeDefined();
});

it('writes what names and people are called as XML', () => {
  const story = STORIES['Salt and Cedar'];
  if (!story) throw new Error('there is no such story');
  const nfo = storyNfo('movie', 'Salt & Cedar', 2023, story);
  expect(nfo).toContain('<title>Salt &amp; Cedar</title>');
  expect(nfo).toContain('<studio>Cedar &amp; Sons Film</studio>');
  expect(nfo).toContain(
    '  <actor>\n    <name>Ruth Castellane</name>\n    <role>Ada</role>\n  </actor>\n  <actor>\n    <name>Marit Solheim</name>',
  );
  expect(episodeNfo('Low Tide', 1, 2, 'x < y')).toContain('<plot>x &lt; y</plot>');
});
