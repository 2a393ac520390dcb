import { expect, it } from 'vitest';
import type { Home, ItemCard } from '../../../shared/api/items.ts';
import { featured } from './featured.ts';

const card = (id: string, extra: Partial<ItemCard> = {}): ItemCard => ({
  id,
  kind: 'movie',
  title: id,
  year: null,
  season: null,
  episode: null,
  series: null,
  durationMs: null,
  episodes: null,
  images: { poster: null, backdrop: null, thumb: null },
  user: { positionMs: 0, played: false, favorite: false },
  ...extra,
});

const home = (items: ItemCard[]): Home => ({
  continueWatching: [],
  nextUp: [],
  favorites: [],
  recent: [{ library: { id: '1', name: 'Films' }, items }],
});

it('prefers a title with a wide picture', () => {
  const pictured = card('b', { images: { poster: null, backdrop: '/b', thumb: null } });
  expect(featured(home([card('a'), pictured, card('c')]), 0)?.id).toBe('b');
});

it('is another title on another day, and the same all day', () => {
  const shelf = home([card('a'), card('b')]);
  expect([0, 86_399_999, 86_400_000].map((now) => featured(shelf, now)?.id)).toEqual(['a', 'a', 'b']);
});

it('falls back to what has been seen, and to nothing in an empty house', () => {
  expect(featured(home([card('a', { user: { positionMs: 0, played: true, favorite: false } })]), 0)?.id).toBe('a');
  expect(featured(home([]), 0)).toBeNull();
});
