import type { ItemCard } from '../../shared/api/items.ts';
import { count, duration } from './format.ts';

type Worded = Pick<ItemCard, 'kind' | 'title' | 'year' | 'season' | 'episode' | 'series' | 'durationMs' | 'episodes'>;

/** `S2 E5`, `Season 2` or null. */
export function placeInSeries(item: Pick<ItemCard, 'kind' | 'season' | 'episode'>): string | null {
  if (item.kind === 'season') return seasonName(item.season);
  if (item.kind !== 'episode') return null;
  if (item.season === null) return item.episode === null ? null : `E${item.episode}`;
  return item.episode === null ? seasonName(item.season) : `S${item.season} E${item.episode}`;
}

/** Season 0 holds the specials. */
export function seasonName(season: number | null): string {
  if (season === null) return 'Episodes';
  return season === 0 ? 'Specials' : `Season ${season}`;
}

/** The two lines under a card: an episode goes by its series first. */
export function cardLines(item: Worded): { title: string; line: string } {
  if (item.kind === 'episode' && item.series !== null)
    return { title: item.series.title, line: [placeInSeries(item), item.title].filter(Boolean).join(' · ') };
  const parts = [item.year === null ? null : String(item.year)];
  if (item.episodes !== null && (item.kind === 'series' || item.kind === 'season'))
    parts.push(count(item.episodes, 'episode'));
  else if (item.durationMs !== null) parts.push(duration(item.durationMs));
  return { title: item.title, line: parts.filter(Boolean).join(' · ') };
}

/** How much of an item has been watched, 0 to 1; 0 where its length is unknown. */
export function watchedFraction(item: Pick<ItemCard, 'durationMs' | 'user'>): number {
  if (item.durationMs === null || item.durationMs === 0) return 0;
  return Math.min(1, item.user.positionMs / item.durationMs);
}
