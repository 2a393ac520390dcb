import { CHANGED, NO_AGE } from './item-facets.ts';

/** What a set of rules lets people see; in the words of `Scope`. */
export interface Rules {
  /** One text for all who see the same. */
  key: string;
  libMask: number | null;
  maxAge: number | null;
  unrated: boolean;
  hiddenSet: number | null;
}

export interface NarrowSetRow {
  id: number;
  rules: string;
  state: 'building' | 'kept' | 'wide' | 'leaving';
  afterId: number;
  items: number;
  titles: number;
  builtAt: number;
  /** Whether it is known which facets its people may see something of. */
  faceted: 0 | 1;
}

/** Whether the people of a set `n` see the title `i`: what `visible` says in other words. */
const SEEN = `i.browse = 1 AND i.deleted_at IS NULL AND (n.lib_mask IS NULL OR (i.lib_mask & n.lib_mask) <> 0)
  AND CASE WHEN n.max_age IS NULL THEN n.unrated OR i.age IS NOT NULL
    ELSE coalesce(i.age, CASE WHEN n.unrated THEN 0 ELSE ${NO_AGE} END) <= n.max_age END
  AND (n.hidden_set IS NULL OR NOT EXISTS (SELECT 1 FROM item_facet rf WHERE rf.item_id = i.id AND +rf.facet_id IN (
    SELECT facet_id FROM hidden_facet WHERE set_id = n.hidden_set)))`;

const ROW = `n.id, i.added_at, i.id, i.sort_title, coalesce(i.year, 0), coalesce(i.rating, 0),
  coalesce(i.duration_ms, 0), coalesce(i.age, ${NO_AGE}), i.lib_mask`;
const COLUMNS = 'set_id, added_at, item_id, sort_title, year, rating, runtime, age, lib_mask';

const OF_CHANGED = `${CHANGED} c CROSS JOIN item i ON i.id = c.id AND i.browse = 1
  CROSS JOIN narrow_set n ON n.state <> 'wide'`;

/**
 * Whether the people of a set `n` may see what the row of an item `i` in the index of a facet says: what
 * `visibleInIndex` says in other words. Episodes have such rows too.
 */
const MAY_SEE = `i.deleted_at IS NULL AND (n.lib_mask IS NULL OR (i.lib_mask & n.lib_mask) <> 0)
  AND CASE WHEN n.max_age IS NULL THEN n.unrated OR i.age IS NOT NULL
    ELSE i.age <= n.max_age OR (n.unrated AND i.age IS NULL) END`;

/** Rows of narrow_facet are never taken back one by one: that would be a count of each facet in each set. */
const facetsOf = (items: string, where: string) => `INSERT OR IGNORE INTO narrow_facet (set_id, facet_id)
  SELECT n.id, x.facet_id FROM ${items} CROSS JOIN narrow_set n CROSS JOIN item_facet x ON x.item_id = i.id
  WHERE ${where} AND ${MAY_SEE}`;

/** Brings the lists to what has changed; after `FACET_SQL`, since they go by the facets of items. */
export const NARROW_SQL = [
  // While it is building, the rows are counted at its end.
  `UPDATE narrow_set SET items = items + d.delta FROM (
    SELECT n.id, sum((${SEEN}) - (v.item_id IS NOT NULL)) AS delta FROM ${OF_CHANGED}
    LEFT JOIN narrow_item v ON v.set_id = n.id AND v.added_at = i.added_at AND v.item_id = i.id GROUP BY n.id
  ) d WHERE narrow_set.id = d.id AND d.delta <> 0`,
  `DELETE FROM narrow_item WHERE (set_id, added_at, item_id) IN (
    SELECT n.id, i.added_at, i.id FROM ${OF_CHANGED} WHERE NOT (${SEEN}))`,
  `INSERT INTO narrow_item (${COLUMNS}) SELECT ${ROW} FROM ${OF_CHANGED} WHERE ${SEEN}
  ON CONFLICT (set_id, added_at, item_id) DO UPDATE SET sort_title = excluded.sort_title, year = excluded.year,
    rating = excluded.rating, runtime = excluded.runtime, age = excluded.age, lib_mask = excluded.lib_mask
  WHERE (sort_title, year, rating, runtime, age, lib_mask) IS NOT
    (excluded.sort_title, excluded.year, excluded.rating, excluded.runtime, excluded.age, excluded.lib_mask)`,
  facetsOf(`${CHANGED} c CROSS JOIN item i ON i.id = c.id`, `n.state IN ('building', 'kept')`),
];

export interface RestrictedRow {
  id: number;
  role: 'owner' | 'admin' | 'member' | 'child';
  libMask: number | null;
  maxAge: number | null;
  hiddenSet: number | null;
}

/** Everybody who may be restricted, those who are turned off left out. */
export async function restrictedPeople(db: D1Database): Promise<RestrictedRow[]> {
  const { results } = await db
    .prepare(
      `SELECT u.id, u.role, r.lib_mask AS libMask, r.max_age AS maxAge, h.set_id AS hiddenSet FROM user u
      LEFT JOIN user_restriction r ON r.user_id = u.id LEFT JOIN user_hidden h ON h.user_id = u.id
      WHERE u.role IN ('member', 'child') AND u.disabled_at IS NULL ORDER BY u.id`,
    )
    .all<RestrictedRow>();
  return results;
}

/** All sets. */
export function setsStatement(db: D1Database): D1PreparedStatement {
  return db.prepare(
    `SELECT id, rules, state, after_id AS afterId, items, titles, built_at AS builtAt, faceted
    FROM narrow_set ORDER BY id`,
  );
}

/** Begins a list for rules that have none. */
export function beginSet(db: D1Database, { key, libMask, maxAge, unrated, hiddenSet }: Rules, now: number) {
  return db
    .prepare(
      `INSERT INTO narrow_set (rules, lib_mask, max_age, unrated, hidden_set, state, built_at, faceted)
      VALUES (?1, ?2, ?3, ?4, ?5, 'building', ?6, 1) ON CONFLICT (rules) DO NOTHING`,
    )
    .bind(key, libMask, maxAge, unrated ? 1 : 0, hiddenSet, now);
}

/** Adds what a building list shall have of the items after a place: of the next `ids` ids. Answers how many rows. */
export async function growSet(db: D1Database, { id, afterId }: NarrowSetRow, ids: number): Promise<number> {
  const [grown] = await db.batch([
    db
      .prepare(
        `INSERT OR IGNORE INTO narrow_item (${COLUMNS}) SELECT ${ROW} FROM item i CROSS JOIN narrow_set n
        WHERE i.id > ?2 AND i.id <= ?3 AND n.id = ?1 AND n.state = 'building' AND ${SEEN}`,
      )
      .bind(id, afterId, afterId + ids),
    db
      .prepare(facetsOf('item i', `i.id > ?2 AND i.id <= ?3 AND n.id = ?1 AND n.state = 'building'`))
      .bind(id, afterId, afterId + ids),
    db
      .prepare(`UPDATE narrow_set SET after_id = max(after_id, ?2) WHERE id = ?1 AND state = 'building'`)
      .bind(id, afterId + ids),
  ]);
  return grown?.meta.changes ?? 0;
}

/** A list that is whole from now on: its rows are counted, and ingest goes on counting. */
export async function finishSet(db: D1Database, id: number, titles: number, now: number): Promise<void> {
  await db
    .prepare(
      `UPDATE narrow_set SET state = 'kept', titles = ?2, built_at = ?3,
        items = (SELECT count(*) FROM narrow_item WHERE set_id = ?1) WHERE id = ?1 AND state = 'building'`,
    )
    .bind(id, titles, now)
    .run();
}

/** Builds a list on from its beginning that was made before its facets were kept. */
export async function buildAgain(db: D1Database, id: number): Promise<void> {
  await db.prepare(`UPDATE narrow_set SET state = 'building', after_id = 0, faceted = 1 WHERE id = ?1`).bind(id).run();
}

/** Ends a list: nobody may read it from now on, and its rows go in pieces. */
export async function endSet(
  db: D1Database,
  id: number,
  state: 'wide' | 'leaving',
  { items, titles, now }: { items: number; titles: number; now: number },
): Promise<void> {
  await db
    .prepare('UPDATE narrow_set SET state = ?2, items = ?3, titles = ?4, built_at = ?5, after_id = 0 WHERE id = ?1')
    .bind(id, state, items, titles, now)
    .run();
}

/** Empties the lists of a set that has ended by so many rows each; answers how many the longer one had. */
export async function shrinkSet(db: D1Database, id: number, rows: number): Promise<number> {
  const [items, facets] = await db.batch([
    db
      .prepare(
        `DELETE FROM narrow_item WHERE (set_id, added_at, item_id) IN (
          SELECT set_id, added_at, item_id FROM narrow_item WHERE set_id = ?1 LIMIT ?2)`,
      )
      .bind(id, rows),
    db
      .prepare(
        `DELETE FROM narrow_facet WHERE (set_id, facet_id) IN (
          SELECT set_id, facet_id FROM narrow_facet WHERE set_id = ?1 LIMIT ?2)`,
      )
      .bind(id, rows),
  ]);
  return Math.max(items?.meta.changes ?? 0, facets?.meta.changes ?? 0);
}

/** Forgets a set whose lists are empty, or builds a wide one again from the beginning. */
export async function forgetSet(db: D1Database, id: number): Promise<void> {
  await db
    .prepare(
      `DELETE FROM narrow_set WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM narrow_item WHERE set_id = ?1)
        AND NOT EXISTS (SELECT 1 FROM narrow_facet WHERE set_id = ?1)`,
    )
    .bind(id)
    .run();
}

/** How many titles all libraries have, and the greatest id. */
export async function catalogSize(db: D1Database): Promise<{ titles: number; lastId: number }> {
  const row = await db
    .prepare(
      `SELECT (SELECT coalesce(sum(items), 0) FROM library WHERE deleted_at IS NULL) AS titles,
        (SELECT coalesce(max(id), 0) FROM item) AS lastId`,
    )
    .first<{ titles: number; lastId: number }>();
  return row ?? { titles: 0, lastId: 0 };
}
