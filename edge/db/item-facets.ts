import type { FacetRow } from '../catalog/facets.ts';
import { MIN_BLOCK_ITEMS } from './block-bits.ts';
import { jsonChunks } from './json-rows.ts';

/** The age in indexes of what nobody has rated: above every limit. */
export const NO_AGE = 999;

/** The items that a transaction with the stamp ?3 changed, of the keys ?1 and the ids ?2 that it looked at. */
export const CHANGED = `(SELECT k.id FROM json_each(?1) j CROSS JOIN item k ON k.key = j.value WHERE k.chg = ?3
  UNION SELECT k.id FROM json_each(?2) j CROSS JOIN item k ON k.id = j.value WHERE k.chg = ?3)`;

/** The facets that changed items shall have: of their descriptions or of an admin, and of their files. None where gone. */
export const DESIRED = `
  SELECT i.id AS item_id, f.id AS facet_id, u.value->>1 AS role, u.value->>2 AS character, u.key AS place
  FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id AND i.deleted_at IS NULL
  CROSS JOIN description d ON d.hash = i.described CROSS JOIN json_each(d.body, '$.facets') u
  CROSS JOIN facet f ON f.key = u.value->>0
  WHERE i.edited = 0 OR f.kind NOT IN (
    SELECT k.value FROM item_edit e, json_each(e.facet_kinds) k WHERE e.item_id = i.id)
  UNION ALL
  SELECT i.id, f.id, u.value->>1, u.value->>2, u.key + 500
  FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id AND i.deleted_at IS NULL AND i.edited = 1
  CROSS JOIN item_edit e ON e.item_id = i.id CROSS JOIN json_each(e.facets) u CROSS JOIN facet f ON f.key = u.value->>0
  UNION ALL
  SELECT i.id, f.id, NULL, NULL, u.key + 1000
  FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id AND i.deleted_at IS NULL AND i.kind <> 'season'
  CROSS JOIN json_each(i.traits) u CROSS JOIN facet f ON f.key = u.value`;

/** Which of an item's facets lead to it: people also to an episode. The others lead to its series. */
const LISTED = `(i.browse = 1 OR (i.kind = 'episode' AND f.kind = 'person'))`;

/** Rows of item_facet that changed items no longer have. */
const LEAVING = `SELECT x.facet_id, i.added_at, x.item_id FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id
  CROSS JOIN item_facet x ON x.item_id = c.id
  WHERE (x.item_id, x.facet_id) NOT IN (SELECT item_id, facet_id FROM (${DESIRED}))`;

/** Brings the facets of changed items to what their descriptions and files say, and writes what differs alone. */
export const FACET_SQL = [
  `UPDATE facet SET items = items + d.delta,
    blocks = iif(blocks = 0 AND items + d.delta >= ${MIN_BLOCK_ITEMS}, 1, blocks)
  FROM (
    SELECT facet_id, sum(delta) AS delta FROM (
      SELECT d.facet_id, 1 AS delta FROM (${DESIRED}) d CROSS JOIN item i ON i.id = d.item_id
      CROSS JOIN facet f ON f.id = d.facet_id WHERE ${LISTED}
      UNION ALL
      SELECT x.facet_id, -1 FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id CROSS JOIN item_facet x ON x.item_id = i.id
      CROSS JOIN facet f ON f.id = x.facet_id WHERE ${LISTED}
    ) GROUP BY facet_id HAVING sum(delta) <> 0
  ) d WHERE facet.id = d.facet_id`,
  `DELETE FROM facet_item WHERE (facet_id, added_at, item_id) IN (${LEAVING})`,
  `DELETE FROM item_facet WHERE (item_id, facet_id) IN (SELECT item_id, facet_id FROM (${LEAVING}))`,
  `INSERT INTO item_facet (item_id, facet_id, role, character, place)
  SELECT item_id, facet_id, role, character, place FROM (${DESIRED}) WHERE true
  ON CONFLICT (item_id, facet_id) DO UPDATE SET role = excluded.role, character = excluded.character,
    place = excluded.place
  WHERE (role, character, place) IS NOT (excluded.role, excluded.character, excluded.place)`,
  `INSERT INTO facet_item (facet_id, added_at, item_id, browse, sort_title, year, rating, runtime, age, lib_mask)
  SELECT x.facet_id, i.added_at, i.id, i.browse, i.sort_title, coalesce(i.year, 0), coalesce(i.rating, 0),
    coalesce(i.duration_ms, 0), coalesce(i.age, ${NO_AGE}), i.lib_mask
  FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id CROSS JOIN item_facet x ON x.item_id = i.id
  CROSS JOIN facet f ON f.id = x.facet_id WHERE ${LISTED}
  ON CONFLICT (facet_id, added_at, item_id) DO UPDATE SET sort_title = excluded.sort_title, year = excluded.year,
    rating = excluded.rating, runtime = excluded.runtime, age = excluded.age, lib_mask = excluded.lib_mask
  WHERE (sort_title, year, rating, runtime, age, lib_mask) IS NOT
    (excluded.sort_title, excluded.year, excluded.rating, excluded.runtime, excluded.age, excluded.lib_mask)`,
];

/** Makes the facets that are not there yet, and lets them be found by their names. */
export function facetStatements(db: D1Database, facets: readonly FacetRow[], stamp: number): D1PreparedStatement[] {
  const insert = db.prepare(
    `INSERT INTO facet (key, kind, name, sort_name, born)
    SELECT r.value->>0, r.value->>1, r.value->>2, r.value->>3, ?2 FROM json_each(?1) r WHERE true
    ON CONFLICT (key) DO NOTHING`,
  );
  const index = db.prepare(
    `INSERT INTO facet_fts (rowid, name) SELECT f.id, f.name FROM json_each(?1) r
    CROSS JOIN facet f ON f.key = r.value->>0 AND f.born = ?2
    WHERE f.kind IN ('genre', 'tag', 'studio', 'collection', 'person')`,
  );
  const rows = facets.map(({ key, kind, name, sortName }) => [key, kind, name, sortName]);
  return jsonChunks(rows).flatMap((chunk) => [insert.bind(chunk, stamp), index.bind(chunk, stamp)]);
}

/** Keeps descriptions under their hashes, with the day (since 1970) on which one was said last. */
export function descriptionStatements(
  db: D1Database,
  descriptions: readonly {
    hash: string;
    rating: number | null;
    age: number | null;
    sortTitle: string | null;
    body: string;
  }[],
  day: number,
): D1PreparedStatement[] {
  const insert = db.prepare(
    `INSERT INTO description (hash, rating, age, sort_title, body, said_at)
    SELECT r.value->>0, r.value->>1, r.value->>2, r.value->>3, r.value->>4, ?2 FROM json_each(?1) r WHERE true
    ON CONFLICT (hash) DO UPDATE SET said_at = excluded.said_at WHERE said_at < excluded.said_at`,
  );
  const rows = descriptions.map(({ hash, rating, age, sortTitle, body }) => [hash, rating, age, sortTitle, body]);
  return jsonChunks(rows).map((chunk) => insert.bind(chunk, day));
}
