import type { Env } from '../env.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';

/** Hits of the full-text index that are looked at: ranking all titles of a short prefix would read them all. */
const MAX_HITS = 300;

/** Titles that begin with the query, which must not be missing among them. */
const MAX_BEGINNINGS = 100;

export type HitRow = CardRow & { sortTitle: string };

/** Items with words that begin with each of the terms (`found`), and those whose sort title begins with `beginning`. */
export async function searchRows(
  env: Pick<Env, 'DB'>,
  userId: number,
  terms: readonly string[],
  beginning: string,
): Promise<{ found: HitRow[]; begin: HitRow[] }> {
  // Quoted, so that no word is an operator; terms hold letters and digits alone.
  const match = terms.map((term) => `"${term}"*`).join(' ');
  const [begin, found] = await env.DB.batch<HitRow>([
    env.DB.prepare(
      `SELECT ${CARD_COLUMNS}, i.sort_title AS sortTitle FROM item i ${CARD_JOINS}
      WHERE i.browse = 1 AND i.deleted_at IS NULL AND i.sort_title >= ?2 AND i.sort_title < ?3
      ORDER BY i.sort_title, i.id LIMIT ?4`,
    ).bind(userId, beginning, `${beginning}\u{10ffff}`, MAX_BEGINNINGS),
    env.DB.prepare(
      `SELECT ${CARD_COLUMNS}, i.sort_title AS sortTitle
      FROM (SELECT rowid AS id FROM item_fts WHERE item_fts MATCH ?2 LIMIT ?3) f
      CROSS JOIN item i ON i.id = f.id AND i.deleted_at IS NULL ${CARD_JOINS}`,
    ).bind(userId, match, MAX_HITS),
  ]);
  return { found: found?.results ?? [], begin: begin?.results ?? [] };
}
