import { describe, expect, it } from 'vitest';
import { cardLines, placeInSeries, watchedFraction } from './item-words.ts';

const movie = {
  kind: 'movie' as const,
  title: 'Ember',
  year: 2021,
  season: null,
  episode: null,
  series: null,
  durationMs: 5_400_000,
  episodes: null,
};

describe('a card', () => {
  it('of a film shows its year and length', () => {
    expect(cardLines(movie)).toEqual({ title: 'Ember', line: '2021 · 1 h 30 min' });
    expect(cardLines({ ...movie, year: null, durationMs: null })).toEqual({ title: 'Ember', line: '' });
  });

  it('of an episode goes by its series', () => {
    const series = { id: '1', title: 'Hearth' };
    expect(cardLines({ ...movie, kind: 'episode', title: 'Ashes', season: 2, episode: 5, series })).toEqual({
      title: 'Hearth',
      line: 'S2 E5 · Ashes',
    });
  });

  it('of a series counts its episodes', () => {
    expect(cardLines({ ...movie, kind: 'series', durationMs: null, episodes: 1 }).line).toBe('2021 · 1 episode');
  });
});

it('season 0 is the specials', () => {
  expect(placeInSeries({ kind: 'season', season: 0, episode: null })).toBe('Specials');
});

it('an item of unknown length has no progress', () => {
  const user = { positionMs: 10, played: false, favorite: false };
  expect(watchedFraction({ durationMs: null, user })).toBe(0);
  expect(watchedFraction({ durationMs: 40, user })).toBe(0.25);
});
