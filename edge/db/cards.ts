import type { ItemKind } from '../../shared/api/items.ts';

/** An item as cards show it, with what the asking person did with it. */
export interface CardRow {
  id: number;
  kind: ItemKind;
  title: string;
  year: number | null;
  season: number | null;
  idx: number | null;
  durationMs: number | null;
  episodes: number | null;
  /** Tenths. */
  rating: number | null;
  images: string | null;
  seriesId: number | null;
  seriesTitle: string | null;
  seriesImages: string | null;
  positionMs: number | null;
  played: 0 | 1 | null;
  favorite: 0 | 1 | null;
  userRating: number | null;
  episodesPlayed: number | null;
}

/** What people did under the ids that were merged into an item is shown with it, and stays where it is. */
const together = (column: string, pick: string) => `CASE i.merged WHEN 0 THEN u.${column} ELSE (
  SELECT ${pick} FROM user_item m WHERE m.user_id = ?1 AND m.item_id IN (
    SELECT i.id UNION ALL SELECT a.item_id FROM item_alias a WHERE a.target_id = i.id)) END`;

/** Of all ids, the newest row's: max() decides which row the column comes from. */
const newest = (column: string) => `CASE i.merged WHEN 0 THEN u.${column} ELSE (
  SELECT x FROM (SELECT m.${column} AS x, max(m.updated_at) FROM user_item m WHERE m.user_id = ?1 AND m.item_id IN (
    SELECT i.id UNION ALL SELECT a.item_id FROM item_alias a WHERE a.target_id = i.id))) END`;

/** Columns of a CardRow, of an item `i`. */
export const CARD_COLUMNS = `i.id, i.kind, i.title, i.year, i.season, i.idx, i.duration_ms AS durationMs, i.episodes,
  i.rating, i.images, s.id AS seriesId, s.title AS seriesTitle, s.images AS seriesImages,
  ${newest('position_ms')} AS positionMs, ${together('played', 'max(m.played)')} AS played,
  ${together('favorite', 'max(m.favorite)')} AS favorite, ${newest('rating')} AS userRating,
  p.played AS episodesPlayed`;

/** What those columns need beside `i`; parameter 1 is the user. */
export const CARD_JOINS = `LEFT JOIN item s ON s.id = i.root_id
  LEFT JOIN user_item u ON u.user_id = ?1 AND u.item_id = i.id
  LEFT JOIN user_parent p ON p.user_id = ?1 AND p.item_id = i.id`;
