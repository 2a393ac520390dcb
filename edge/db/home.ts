import type { Env } from '../env.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';

/** Cards in one row of the home page. */
const ROW_LENGTH = 20;

/** Series that "next up" looks at: those last watched. */
const NEXT_UP_SERIES = 40;

const CONTINUE = `SELECT ${CARD_COLUMNS} FROM user_item c CROSS JOIN item i ON i.id = c.item_id ${CARD_JOINS}
  WHERE c.user_id = ?1 AND c.position_ms > 0 AND c.played = 0 AND i.deleted_at IS NULL
  ORDER BY c.updated_at DESC LIMIT ?2`;

/** After the episode that was finished last, the first that was not; one that is begun is continued instead. */
const NEXT_UP = `SELECT ${CARD_COLUMNS} FROM (
    SELECT l.updated_at AS at, (
      SELECT e.id FROM item e LEFT JOIN user_item x ON x.user_id = ?1 AND x.item_id = e.id
      WHERE e.root_id = l.item_id AND e.kind = 'episode' AND e.deleted_at IS NULL
        AND (e.season, e.idx) > (l.last_season, l.last_idx) AND coalesce(x.played, 0) = 0
      ORDER BY e.season, e.idx LIMIT 1) AS id
    FROM user_parent l WHERE l.user_id = ?1 AND l.last_season IS NOT NULL ORDER BY l.updated_at DESC LIMIT ?3
  ) n CROSS JOIN item i ON i.id = n.id ${CARD_JOINS}
  WHERE coalesce(u.position_ms, 0) = 0 ORDER BY n.at DESC LIMIT ?2`;

const RECENT = `SELECT l.id AS libraryId, l.name AS libraryName, ${CARD_COLUMNS}
  FROM library l CROSS JOIN item i ON i.id IN (
    SELECT r.item_id FROM library_item r WHERE r.library_id = l.id ORDER BY r.added_at DESC, r.item_id DESC LIMIT ?2)
  ${CARD_JOINS} WHERE l.deleted_at IS NULL ORDER BY l.name, l.id, i.added_at DESC, i.id DESC`;

export type RecentRow = CardRow & { libraryId: number; libraryName: string };

/** What the home page shows one person, in one question to the database. */
export async function homeRows(
  env: Pick<Env, 'DB'>,
  userId: number,
): Promise<{ continueWatching: CardRow[]; nextUp: CardRow[]; recent: RecentRow[] }> {
  const [begun, next, recent] = await env.DB.batch<CardRow>([
    env.DB.prepare(CONTINUE).bind(userId, ROW_LENGTH),
    env.DB.prepare(NEXT_UP).bind(userId, ROW_LENGTH, NEXT_UP_SERIES),
    env.DB.prepare(RECENT).bind(userId, ROW_LENGTH),
  ]);
  return {
    continueWatching: begun?.results ?? [],
    nextUp: next?.results ?? [],
    recent: (recent?.results ?? []) as RecentRow[],
  };
}
