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
  images: string | null;
  seriesId: number | null;
  seriesTitle: string | null;
  seriesImages: string | null;
  positionMs: number | null;
  played: 0 | 1 | null;
  favorite: 0 | 1 | null;
  episodesPlayed: number | null;
}

/** Columns of a CardRow, of an item `i`. */
export const CARD_COLUMNS = `i.id, i.kind, i.title, i.year, i.season, i.idx, i.duration_ms AS durationMs, i.episodes,
  i.images, s.id AS seriesId, s.title AS seriesTitle, s.images AS seriesImages, u.position_ms AS positionMs, u.played,
  u.favorite, p.played AS episodesPlayed`;

/** What those columns need beside `i`; parameter 1 is the user. */
export const CARD_JOINS = `LEFT JOIN item s ON s.id = i.root_id
  LEFT JOIN user_item u ON u.user_id = ?1 AND u.item_id = i.id
  LEFT JOIN user_parent p ON p.user_id = ?1 AND p.item_id = i.id`;
