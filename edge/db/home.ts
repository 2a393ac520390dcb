import type { Bindings } from '../bindings.ts';
import { CARD_COLUMNS, CARD_JOINS, type CardRow } from './cards.ts';
import { hiddenTerm, Parameters, type Scope, visible, visibleInIndex } from './scopes.ts';

/** Cards in one row of the home page. */
const ROW_LENGTH = 20;

/** Series that "next up" looks at: those last watched. */
const NEXT_UP_SERIES = 40;

/** Titles that a person has begun, or likes, which are looked at: those that were hidden since stand among them. */
const MAX_OWN = 1_000;

/** Where something of one item was begun under several ids, each of them is found; the page shows it once. */
const continueSql = (seen: string) => `SELECT ${CARD_COLUMNS} FROM (
    SELECT item_id, updated_at FROM user_item WHERE user_id = ?1 AND position_ms > 0 AND played = 0
    ORDER BY updated_at DESC LIMIT ${MAX_OWN}) c
  CROSS JOIN item i ON i.id = coalesce((SELECT target_id FROM item_alias WHERE item_id = c.item_id), c.item_id)
  ${CARD_JOINS}
  WHERE i.deleted_at IS NULL AND i.extra IS NULL AND ${seen}
  ORDER BY c.updated_at DESC LIMIT ?2`;

/** After the episode that was finished last, the first that was not; one that is begun is continued instead. */
const nextUpSql = (seen: string) => `SELECT ${CARD_COLUMNS} FROM (
    SELECT l.updated_at AS at, (
      SELECT e.id FROM item e LEFT JOIN user_item x ON x.user_id = ?1 AND x.item_id = e.id
      WHERE e.root_id = l.item_id AND e.kind = 'episode' AND e.deleted_at IS NULL
        AND (e.season, e.idx) > (l.last_season, l.last_idx) AND coalesce(x.played, 0) = 0
      ORDER BY e.season, e.idx LIMIT 1) AS id
    FROM user_parent l WHERE l.user_id = ?1 AND l.last_season IS NOT NULL ORDER BY l.updated_at DESC LIMIT ?3
  ) n CROSS JOIN item i ON i.id = n.id ${CARD_JOINS}
  WHERE coalesce(u.position_ms, 0) = 0 AND ${seen} ORDER BY n.at DESC LIMIT ?2`;

/** Newest titles of a library that are looked at for a person who does not see all of it. */
const MAX_NEWEST = 2_000;

/** What a person sees of the newest of a library; they are asked for one by one until the row is full. */
function recentSql(scope: Scope, p: Parameters): string {
  const library = scope.libMask === null ? 'true' : `((1 << l.bit) & ${p.add(scope.libMask)}) <> 0`;
  return `SELECT l.id AS libraryId, l.name AS libraryName, ${CARD_COLUMNS}
    FROM library l CROSS JOIN item i ON i.id IN (${newestSql(scope, p)})
    ${CARD_JOINS} WHERE l.deleted_at IS NULL AND ${library} ORDER BY l.name, l.id, i.added_at DESC, i.id DESC`;
}

function newestSql(scope: Scope, p: Parameters): string {
  const order = 'd.added_at DESC, d.item_id DESC LIMIT';
  if (scope.narrow) {
    return `SELECT d.item_id FROM narrow_item d WHERE d.set_id = ${p.add(scope.narrow.setId)}
      AND (d.lib_mask & (1 << l.bit)) <> 0 ORDER BY ${order} ?2`;
  }
  const hidden = hiddenTerm(scope, p, 'd.item_id', null);
  const newest = `library_item d WHERE d.library_id = l.id AND ${visibleInIndex(scope, p, null)} ORDER BY ${order}`;
  if (hidden === '') return `SELECT d.item_id FROM ${newest} ?2`;
  return `SELECT d.item_id FROM (SELECT d.item_id FROM ${newest} ${MAX_NEWEST}) d WHERE ${hidden} LIMIT ?2`;
}

const favoriteSql = (seen: string) => `SELECT ${CARD_COLUMNS} FROM (
    SELECT item_id FROM user_item WHERE user_id = ?1 AND favorite = 1 ORDER BY item_id DESC LIMIT ${MAX_OWN}) f
  CROSS JOIN item i ON i.id = coalesce((SELECT target_id FROM item_alias WHERE item_id = f.item_id), f.item_id)
  ${CARD_JOINS} WHERE i.deleted_at IS NULL AND ${seen}
  ORDER BY f.item_id DESC LIMIT ?2`;

export type RecentRow = CardRow & { libraryId: number; libraryName: string };

export interface HomeRows {
  continueWatching: CardRow[];
  nextUp: CardRow[];
  favorites: CardRow[];
  recent: RecentRow[];
}

/** What the home page shows one person, in one question to the database. */
export async function homeRows(env: Pick<Bindings, 'DB'>, scope: Scope): Promise<HomeRows> {
  const statement = (sqlOf: (p: Parameters) => string, ...more: number[]) => {
    const parameters = new Parameters(scope.userId, ROW_LENGTH, ...more);
    const sql = sqlOf(parameters);
    return env.DB.prepare(sql).bind(...parameters.values);
  };
  const [begun, next, favorites, recent] = await env.DB.batch<CardRow>([
    statement((p) => continueSql(visible(scope, p))),
    statement((p) => nextUpSql(visible(scope, p)), NEXT_UP_SERIES),
    statement((p) => favoriteSql(visible(scope, p))),
    statement((p) => recentSql(scope, p)),
  ]);
  const once = (rows: CardRow[] = []) =>
    [...new Map([...rows].reverse().map((row) => [row.id, row])).values()].reverse();
  return {
    continueWatching: once(begun?.results),
    nextUp: next?.results ?? [],
    favorites: once(favorites?.results),
    recent: (recent?.results ?? []) as RecentRow[],
  };
}
