import type { Home, ItemCard } from '../../../shared/api/items.ts';

const DAY_MS = 86_400_000;

/**
 * The title on top of the page: one of what is new, another each day, one with a wide picture before one without;
 * null when there is nothing at all.
 */
export function featured(home: Home, now: number): ItemCard | null {
  const candidates = [...home.recent.flatMap((shelf) => shelf.items), ...home.nextUp, ...home.continueWatching];
  const unseen = candidates.filter((item) => !item.user.played);
  const pool =
    [
      unseen.filter((item) => item.images.backdrop !== null),
      unseen.filter((item) => item.images.thumb !== null),
      unseen,
      candidates,
    ].find((list) => list.length > 0) ?? [];
  return pool[Math.floor(now / DAY_MS) % Math.max(1, pool.length)] ?? null;
}
