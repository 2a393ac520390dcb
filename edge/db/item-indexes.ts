import { edited, type Touched } from './derived-items.ts';
import { BLOCK_SQL } from './facet-blocks.ts';
import { CHANGED, DESIRED, FACET_SQL, NO_AGE } from './item-facets.ts';
import { NARROW_SQL } from './narrow-sets.ts';

/** The items that this transaction looked at. */
const TOUCHED = `(SELECT k.id FROM json_each(?1) j CROSS JOIN item k ON k.key = j.value
  UNION SELECT value FROM json_each(?2))`;

const SHOWN = `i.browse = 1 AND i.deleted_at IS NULL AND (i.lib_mask & (1 << l.bit)) <> 0`;

/** An episode without a title of its own is not searched for: every series has one. */
const SEARCHABLE = `i.deleted_at IS NULL AND (i.browse = 1 OR (i.kind = 'episode' AND i.title <> 'Episode ' || i.idx))`;

/**
 * Something that was shown is of a higher age now, has left a library, or has got a facet that is hidden from some.
 * What is hidden is asked for last, of what is left: inside the query of facets it is read anew for each of them.
 */
const HIDING_SQL = `UPDATE shown_epoch SET epoch = ?3 WHERE EXISTS (
    SELECT 1 FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id AND i.browse = 1 CROSS JOIN library l
    CROSS JOIN library_item li ON li.library_id = l.id AND li.item_id = i.id
    WHERE li.age < coalesce(i.age, ${NO_AGE}) OR NOT (${SHOWN}))
  OR EXISTS (
    WITH d AS MATERIALIZED (${DESIRED})
    SELECT 1 FROM d WHERE EXISTS (SELECT 1 FROM item_facet old WHERE old.item_id = d.item_id)
      AND NOT EXISTS (SELECT 1 FROM item_facet x WHERE x.item_id = d.item_id AND x.facet_id = d.facet_id)
      AND +d.facet_id IN (SELECT facet_id FROM hidden_facet))`;

const INDEX_SQL = [
  // What stands in the indexes is what was shown until now.
  HIDING_SQL,
  // The counts first, while library_item still says what it had.
  `UPDATE library AS l SET items = l.items + d.delta
  FROM (
    SELECT l.id, sum((${SHOWN}) - (li.item_id IS NOT NULL)) AS delta
    FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id AND i.browse = 1 CROSS JOIN library l
    LEFT JOIN library_item li ON li.library_id = l.id AND li.item_id = i.id
    GROUP BY l.id
  ) d
  WHERE l.id = d.id AND d.delta <> 0`,
  `DELETE FROM library_item WHERE (library_id, item_id) IN (
    SELECT l.id, i.id FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id AND i.browse = 1 CROSS JOIN library l
    WHERE NOT (${SHOWN}))`,
  `INSERT INTO library_item (library_id, item_id, sort_title, year, added_at, rating, runtime, age)
  SELECT l.id, i.id, i.sort_title, coalesce(i.year, 0), i.added_at, coalesce(i.rating, 0), coalesce(i.duration_ms, 0),
    coalesce(i.age, ${NO_AGE})
  FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id CROSS JOIN library l WHERE ${SHOWN}
  ON CONFLICT (library_id, item_id) DO UPDATE SET sort_title = excluded.sort_title, year = excluded.year,
    rating = excluded.rating, runtime = excluded.runtime, age = excluded.age
  WHERE (sort_title, year, rating, runtime, age)
    IS NOT (excluded.sort_title, excluded.year, excluded.rating, excluded.runtime, excluded.age)`,
  `DELETE FROM item_fts WHERE rowid IN (
    SELECT i.id FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id WHERE NOT (${SEARCHABLE}))`,
  `INSERT OR REPLACE INTO item_fts (rowid, title)
  SELECT i.id, i.title || coalesce(' ' || ${edited('originalTitle', "d.body->>'originalTitle'")}, '')
  FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id LEFT JOIN description d ON d.hash = i.described
  LEFT JOIN item_edit e ON e.item_id = i.id
  WHERE ${SEARCHABLE}`,
  ...FACET_SQL,
  BLOCK_SQL,
  ...NARROW_SQL,
];

/** How many of the live episodes a person has seen; it changes also where one came for one that went. */
const RECOUNT_SQL = `UPDATE user_parent SET played = d.played
  FROM (
    SELECT up.user_id, up.item_id, (
      SELECT count(*) FROM item e CROSS JOIN user_item x ON x.user_id = up.user_id AND x.item_id = e.id
      WHERE e.root_id = coalesce(i.root_id, i.id) AND (i.kind = 'series' OR e.season = i.season)
        AND e.kind = 'episode' AND e.deleted_at IS NULL AND x.played = 1) AS played
    FROM ${TOUCHED} c CROSS JOIN item i ON i.id = c.id AND i.kind IN ('series', 'season') CROSS JOIN user u
    CROSS JOIN user_parent up ON up.user_id = u.id AND up.item_id = i.id
  ) d
  WHERE user_parent.user_id = d.user_id AND user_parent.item_id = d.item_id AND user_parent.played <> d.played`;

/** Keeps in step with the items what is counted and listed from them; after `deriveStatements`. */
export function indexStatements(db: D1Database, { keys, ids, stamp }: Touched): D1PreparedStatement[] {
  const parameters = [JSON.stringify(keys), JSON.stringify(ids)];
  return [
    ...INDEX_SQL.map((sql) => db.prepare(sql).bind(...parameters, stamp)),
    db.prepare(RECOUNT_SQL).bind(...parameters),
  ];
}
