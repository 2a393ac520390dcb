import { expect, it } from 'vitest';
import { keysOf } from './keys.ts';

it('names a film by its title and year, however it is spelt', () => {
  const a = keysOf({ kind: 'movie', title: 'Amélie', year: 2001 }, 'f1');
  expect(a).toEqual({ own: 'movie:amelie:2001', season: null, series: null });
  expect(keysOf({ kind: 'movie', title: 'AMELIE', year: 2001 }, 'f2')).toEqual(a);
  expect(keysOf({ kind: 'movie', title: 'Amélie', year: null }, 'f1').own).toBe('movie:amelie:');
});

it('names an episode, its season and its series', () => {
  const work = { kind: 'episode', series: 'The Office', year: 2005, season: 2, episode: 3, title: 'x' } as const;
  expect(keysOf(work, 'f')).toEqual({
    own: 'episode:the office:2005:2:3',
    season: 'season:the office:2005:2',
    series: 'series:the office:2005',
  });
});

it('names a video by what is in it', () => {
  expect(keysOf({ kind: 'video', title: 'Beach', year: null }, 'abc').own).toBe('video:abc');
});
