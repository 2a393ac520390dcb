import type { ItemsQuery } from '../../shared/api/items.ts';
import type { Env } from '../env.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';

export type Sort = ItemsQuery['sort'];
export type Direction = 'asc' | 'desc';

/** A place in a library's grid: what it is sorted by there, and the item. */
export interface GridPlace {
  key: number | string;
  id: number;
}

export type GridRow = CardRow & { sortKey: number | string };

const COLUMN: Record<Sort, string> = { added: 'added_at', title: 'sort_title', year: 'year' };

/** The items of a library after a place, in an index's order: as many rows are read as come back. */
export async function libraryPage(
  env: Pick<Env, 'DB'>,
  userId: number,
  libraryId: number,
  { sort, dir, after, limit }: { sort: Sort; dir: Direction; after: GridPlace | null; limit: number },
): Promise<GridRow[]> {
  const column = COLUMN[sort];
  const [sign, order] = dir === 'asc' ? ['>', 'ASC'] : ['<', 'DESC'];
  const where = after ? `AND (li.${column}, li.item_id) ${sign} (?4, ?5)` : '';
  const { results } = await env.DB.prepare(
    `SELECT ${CARD_COLUMNS}, li.${column} AS sortKey FROM library_item li CROSS JOIN item i ON i.id = li.item_id
    ${CARD_JOINS} WHERE li.library_id = ?2 ${where} ORDER BY li.${column} ${order}, li.item_id ${order} LIMIT ?3`,
  )
    .bind(userId, libraryId, limit, ...(after ? [after.key, after.id] : []))
    .all<GridRow>();
  return results;
}
