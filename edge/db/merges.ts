import { deriveStatements, newStamp } from './derived-items.ts';
import { indexStatements } from './item-indexes.ts';
import { BY_CONTENT } from './renames.ts';

/** Episodes below a series, that one transaction moves at most. */
const MAX_MOVED = 20_000;

/** An item and all below it. */
const WITH_BELOW = (id: string) =>
  `(SELECT ${id} AS id UNION SELECT b.id FROM item b WHERE b.root_id = ${id} AND b.kind IN ('season', 'episode') LIMIT ${MAX_MOVED})`;

/** The key of what lies below one series, below another. */
const KEY_BELOW = `b.kind || ':' || substr(t.key, 8) || ':' || b.season || CASE b.kind WHEN 'episode' THEN ':' || b.idx ELSE '' END`;

/** What lies below ?1, each with what has its place below ?2. */
const PAIRS_BELOW = `SELECT b.id, n.id, ?3, ?4 FROM item t
  CROSS JOIN item b ON b.root_id = ?1 AND b.kind IN ('season', 'episode') CROSS JOIN item n ON n.key = ${KEY_BELOW}
  WHERE t.id = ?2`;

/** Whether a file calls its title by a name of an item. */
const NAMES_IT = (file: string, item: string) => `EXISTS (SELECT 1 FROM json_each(${file}.work, '$.names') w
  WHERE w.value = ${item}.key OR w.value IN (SELECT key FROM item_key WHERE item_id = ${item}.id))`;

/** Makes below the second series what the first has and the second lacks, seasons first. */
function counterparts(db: D1Database, from: number, to: number, stamp: number, where: string): D1PreparedStatement[] {
  return ['season', 'episode'].map((kind) =>
    db
      .prepare(
        `INSERT INTO item (key, kind, browse, parent_id, root_id, season, idx, title, sort_title, year, lib_mask,
          added_at, duration_ms, episodes, images, rating, age, described, traits, chg)
        SELECT ${KEY_BELOW}, b.kind, 0,
          CASE b.kind WHEN 'season' THEN t.id ELSE
            (SELECT id FROM item WHERE key = 'season:' || substr(t.key, 8) || ':' || b.season) END,
          t.id, b.season, b.idx, b.title, b.sort_title, b.year, b.lib_mask, b.added_at, b.duration_ms, b.episodes,
          b.images, b.rating, b.age, b.described, b.traits, ?3
        FROM item t CROSS JOIN item b ON b.root_id = ?1 AND b.kind = '${kind}' AND b.deleted_at IS NULL
        WHERE t.id = ?2 AND t.kind = 'series' AND ${where} ON CONFLICT (key) DO NOTHING`,
      )
      .bind(from, to, stamp),
  );
}

/** Merges that come one after the other from several agents: the names of a title lead to one in so many steps. */
const MAX_TRIES = 3;

/**
 * Makes one title of two, whichever others are merging them at this moment: an id that was merged meanwhile stands for
 * its title. Nothing where they are one already.
 */
export async function mergeItems(
  db: D1Database,
  sourceId: number,
  targetId: number,
  byHand: boolean,
  now: number,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    const [source, target] = await Promise.all([currentId(db, sourceId), currentId(db, targetId)]);
    if (source === target) return;
    try {
      await mergeCurrent(db, source, target, byHand, now);
      return;
    } catch (error) {
      const raced =
        error instanceof Error && error.message.includes('NOT NULL constraint failed: item_alias.target_id');
      if (!raced || tries >= MAX_TRIES) throw error;
    }
  }
}

async function currentId(db: D1Database, id: number): Promise<number> {
  return (
    (await db
      .prepare(`SELECT target_id FROM item_alias WHERE item_id = ?1 AND by_hand <> ${BY_CONTENT}`)
      .bind(id)
      .first<number>('target_id')) ?? id
  );
}

/**
 * Makes one title of two: the files of the source (?1) go to the target (?2), and so do those below its seasons. What
 * people did stays under the old ids, which are noted as other names of the new ones. Fails whole where one of the two
 * has become another name meanwhile: names of names would lead round in circles.
 */
async function mergeCurrent(
  db: D1Database,
  sourceId: number,
  targetId: number,
  byHand: boolean,
  now: number,
): Promise<void> {
  const stamp = newStamp(now);
  const alias = db
    .prepare(
      `INSERT INTO item_alias (item_id, target_id, by_hand, made_at)
      SELECT ?1, CASE WHEN EXISTS (SELECT 1 FROM item_alias WHERE item_id IN (?1, ?2)) THEN NULL ELSE ?2 END, ?3, ?4
      UNION ALL ${PAIRS_BELOW}
      ON CONFLICT (item_id) DO UPDATE SET target_id = excluded.target_id, by_hand = max(by_hand, excluded.by_hand)`,
    )
    .bind(sourceId, targetId, byHand ? 1 : 0, now);
  // What was merged into the source before leads to the target from now on: an alias is never of an alias.
  const forward = db
    .prepare(
      `UPDATE item_alias SET target_id = a.target_id FROM item_alias a
      WHERE item_alias.target_id = a.item_id AND a.item_id IN ${WITH_BELOW('?1')}`,
    )
    .bind(sourceId);
  const files = db
    .prepare(
      `UPDATE file SET item_id = a.target_id FROM item_alias a
      WHERE file.item_id = a.item_id AND a.item_id IN ${WITH_BELOW('?1')}`,
    )
    .bind(sourceId);
  const together = db
    .prepare(
      `UPDATE item SET merged = 1 WHERE merged = 0 AND id IN (
        SELECT a.target_id FROM item_alias a WHERE a.item_id IN ${WITH_BELOW('?1')})`,
    )
    .bind(sourceId);
  const again = db
    .prepare('DELETE FROM item_apart WHERE low_id = min(?1, ?2) AND high_id = max(?1, ?2)')
    .bind(sourceId, targetId);
  const ids = await belowIds(db, [sourceId, targetId]);
  const keys = await keysBelow(db, sourceId, targetId);
  const touched = { keys, ids, stamp, now };
  await db.batch([
    // What a renamed file has led to ends where it is said what the title is.
    ...[sourceId, targetId].map((id) =>
      db.prepare(`DELETE FROM item_alias WHERE item_id IN ${WITH_BELOW('?1')} AND by_hand = ${BY_CONTENT}`).bind(id),
    ),
    ...counterparts(db, sourceId, targetId, stamp, 'true'),
    ...[alias, forward, files, together, ...(byHand ? [again] : [])],
    ...deriveStatements(db, touched),
    ...indexStatements(db, touched),
  ]);
}

/**
 * Takes a title that was merged (?1) out of another again: the files that call themselves by one of its names go
 * back to it, and the two are not merged again unless an admin says so. False where it was not merged.
 */
export async function splitItem(db: D1Database, sourceId: number, now: number): Promise<boolean> {
  const alias = await db
    .prepare('SELECT target_id AS targetId FROM item_alias WHERE item_id = ?1')
    .bind(sourceId)
    .first<{ targetId: number }>();
  if (!alias) return false;
  const { targetId } = alias;
  const ids = await belowIds(db, [sourceId, targetId]);
  const stamp = newStamp(now);
  const touched = { keys: await keysBelow(db, targetId, sourceId), ids, stamp, now };
  await db.batch([
    // Episodes that came while the two were one have no place below the old series yet.
    ...counterparts(
      db,
      targetId,
      sourceId,
      stamp,
      `EXISTS (
      SELECT 1 FROM file f WHERE f.deleted_at IS NULL AND ${NAMES_IT('f', 't')} AND f.item_id IN (
        SELECT e.id FROM item e WHERE e.id = b.id
        UNION ALL SELECT e.id FROM item e WHERE b.kind = 'season' AND e.root_id = ?1 AND e.season = b.season))`,
    ),
    db
      .prepare(
        `INSERT INTO item_alias (item_id, target_id, by_hand, made_at)
        SELECT n, o, ?3, ?4 FROM (${PAIRS_BELOW.replace('b.id, n.id, ?3, ?4', 'n.id AS n, b.id AS o')}) WHERE true
        ON CONFLICT (item_id) DO NOTHING`,
      )
      .bind(targetId, sourceId, 1, now),
    db
      .prepare(
        `UPDATE file SET item_id = a.item_id FROM item_alias a CROSS JOIN item s ON s.id = ?1
        WHERE a.item_id IN ${WITH_BELOW('?1')} AND file.item_id = a.target_id AND ${NAMES_IT('file', 's')}`,
      )
      .bind(sourceId),
    db
      .prepare(
        `UPDATE item SET merged = 0 WHERE id IN (SELECT target_id FROM item_alias WHERE item_id IN ${WITH_BELOW('?1')})
        AND NOT EXISTS (SELECT 1 FROM item_alias o WHERE o.target_id = item.id AND o.item_id NOT IN ${WITH_BELOW('?1')})`,
      )
      .bind(sourceId),
    db.prepare(`DELETE FROM item_alias WHERE item_id IN ${WITH_BELOW('?1')}`).bind(sourceId),
    db
      .prepare('INSERT OR IGNORE INTO item_apart (low_id, high_id) VALUES (min(?1, ?2), max(?1, ?2))')
      .bind(sourceId, targetId),
    ...deriveStatements(db, touched),
    ...indexStatements(db, touched),
  ]);
  return true;
}

async function belowIds(db: D1Database, ids: readonly number[]): Promise<number[]> {
  const { results } = await db
    .prepare(
      `SELECT value AS id FROM json_each(?1)
      UNION SELECT b.id FROM json_each(?1) j CROSS JOIN item b ON b.root_id = j.value AND b.kind IN ('season', 'episode')
      LIMIT ${MAX_MOVED}`,
    )
    .bind(JSON.stringify(ids))
    .all<{ id: number }>();
  return results.map((row) => row.id);
}

async function keysBelow(db: D1Database, sourceId: number, targetId: number): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT ${KEY_BELOW} AS key FROM item t CROSS JOIN item b ON b.root_id = ?1 AND b.kind IN ('season', 'episode')
      WHERE t.id = ?2 AND t.kind = 'series' LIMIT ${MAX_MOVED}`,
    )
    .bind(sourceId, targetId)
    .all<{ key: string }>();
  return results.map((row) => row.key);
}
