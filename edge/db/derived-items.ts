import type { ItemKind } from '../../shared/api/items.ts';
import { jsonChunks } from './json-rows.ts';

/** An item as a claim would make it. */
export interface ItemRow {
  key: string;
  kind: ItemKind;
  /** Of the rows above it; null for a movie, a video or a series. */
  seasonKey: string | null;
  seriesKey: string | null;
  season: number | null;
  idx: number | null;
  title: string;
  sort: string;
  year: number | null;
  addedAt: number;
  durationMs: number | null;
  /** JSON of poster, backdrop and thumb, in this order. */
  images: string;
  /** The root that the claim is of, for the library. */
  root: string;
  rating: number | null;
  age: number | null;
  /** The hash of its description. */
  described: string | null;
  /** JSON array of facets' keys, in order. */
  traits: string | null;
  /** What it is beside the title above it, in no grid. */
  extra?: string | null;
}

/** Which items a transaction may have changed, and the mark by which its later statements know those that it did. */
export interface Touched {
  keys: readonly string[];
  ids: readonly number[];
  stamp: number;
  now: number;
}

/** Two batches at the same moment must not take each other's marks for their own. */
export function newStamp(now: number): number {
  return now * 1024 + Math.floor(Math.random() * 1024);
}

/** Makes the items that are not there yet; `rows` has series before their seasons, and seasons before episodes. */
export function itemStatements(
  db: D1Database,
  agentId: string,
  stamp: number,
  rows: readonly ItemRow[],
): D1PreparedStatement[] {
  const statement = db.prepare(
    `INSERT INTO item (key, kind, browse, parent_id, root_id, season, idx, title, sort_title, year, added_at,
      duration_ms, images, lib_mask, episodes, rating, age, described, traits, extra, chg)
    SELECT r.value->>0, r.value->>1, r.value->>1 IN ('movie', 'series', 'video') AND r.value->>17 IS NULL,
      (SELECT id FROM item WHERE key = r.value->>2), (SELECT id FROM item WHERE key = r.value->>3),
      r.value->>4, r.value->>5, r.value->>6, r.value->>7, r.value->>8, r.value->>9, r.value->>10, r.value->>11,
      (SELECT 1 << l.bit FROM root t CROSS JOIN library l ON l.id = t.library_id WHERE t.agent_id = ?1 AND t.id = r.value->>12),
      CASE WHEN r.value->>1 IN ('series', 'season') THEN 0 END, r.value->>13, r.value->>14, r.value->>15,
      r.value->>16, r.value->>17, ?2
    FROM json_each(?3) r WHERE true
    ON CONFLICT (key) DO NOTHING`,
  );
  const values = (row: ItemRow) => [
    ...[row.key, row.kind, row.seasonKey ?? row.seriesKey, row.seriesKey, row.season, row.idx, row.title, row.sort],
    ...[row.year, row.addedAt, row.durationMs, row.images, row.root, row.rating, row.age, row.described, row.traits],
    row.extra ?? null,
  ];
  // Rows of one statement cannot look up one another's ids.
  const levels = [
    rows.filter((row) => row.seriesKey === null),
    rows.filter((row) => row.kind === 'season'),
    rows.filter((row) => row.kind === 'episode' || row.extra),
  ];
  return levels.flatMap((level) => jsonChunks(level.map(values)).map((chunk) => statement.bind(agentId, stamp, chunk)));
}

const TOUCHED = `(SELECT k.id FROM json_each(?1) j CROSS JOIN item k ON k.key = j.value
  UNION SELECT value FROM json_each(?2))`;

/** What an admin has said of a field of an item, in its row `e` of item_edit; else what files say. */
export const edited = (field: string, otherwise: string) =>
  `CASE WHEN json_type(e.fields, '$.${field}') IS NULL THEN ${otherwise} ELSE e.fields->>'$.${field}' END`;

const TITLE = edited('title', 'd.title');
const SORT = edited('sort', 'coalesce(m.sort_title, d.sort)');
const YEAR = edited('year', 'd.year');
const RATING = edited('rating', 'm.rating');
const AGE = edited('age', 'm.age');

/** What the first live copy that says something says. */
const copyWord = (column: 'images' | 'work', path: string) =>
  `(SELECT p.${column}->>'${path}' FROM file p WHERE p.item_id = i.id AND p.deleted_at IS NULL
    AND p.${column}->>'${path}' IS NOT NULL ORDER BY p.id LIMIT 1)`;

/**
 * Movies, videos and episodes say what their oldest live copy says, so that two sites which spell a title
 * differently do not take turns. Without a live copy they are deleted, and keep what they were.
 */
const DERIVE_PLAYABLE = `
  UPDATE item SET title = ${TITLE}, sort_title = ${SORT}, year = ${YEAR},
    duration_ms = d.duration, images = d.images, lib_mask = d.mask, deleted_at = d.deleted, described = d.described,
    rating = ${RATING}, age = ${AGE}, traits = d.traits, chg = ?3
  FROM (
    SELECT i.id,
      coalesce(f.work->>'title', i.title) AS title,
      coalesce(f.work->>'sort', i.sort_title) AS sort,
      CASE WHEN f.id IS NULL THEN i.year ELSE ${copyWord('work', 'year')} END AS year,
      coalesce(f.duration_ms, i.duration_ms) AS duration,
      CASE WHEN f.id IS NULL THEN i.images ELSE json_object('poster', ${copyWord('images', 'poster')},
        'backdrop', ${copyWord('images', 'backdrop')}, 'thumb', ${copyWord('images', 'thumb')}) END AS images,
      CASE WHEN f.id IS NULL THEN i.lib_mask ELSE coalesce((
        SELECT sum(DISTINCT 1 << l.bit) FROM file c CROSS JOIN root r ON r.agent_id = c.agent_id AND r.id = c.root
        CROSS JOIN library l ON l.id = r.library_id WHERE c.item_id = i.id AND c.deleted_at IS NULL), 0) END AS mask,
      CASE WHEN f.id IS NULL THEN coalesce(i.deleted_at, ?4) END AS deleted,
      CASE WHEN f.id IS NULL THEN i.described ELSE ${copyWord('work', 'described')} END AS described,
      CASE WHEN f.id IS NULL THEN i.traits ELSE (
        SELECT json_group_array(key) FROM (SELECT DISTINCT j.value AS key FROM file c, json_each(c.work, '$.traits') j
          WHERE c.item_id = i.id AND c.deleted_at IS NULL ORDER BY 1)) END AS traits
    FROM ${TOUCHED} t CROSS JOIN item i ON i.id = t.id AND i.kind IN ('movie', 'video', 'episode')
    LEFT JOIN file f ON f.id = (
      SELECT id FROM file WHERE item_id = i.id AND deleted_at IS NULL ORDER BY id LIMIT 1)
  ) d LEFT JOIN description m ON m.hash = d.described LEFT JOIN item_edit e ON e.item_id = d.id
  WHERE item.id = d.id
    AND (item.title, item.sort_title, item.year, item.duration_ms, item.images, item.lib_mask, item.deleted_at,
      item.described, item.rating, item.age, item.traits)
      IS NOT (${TITLE}, ${SORT}, ${YEAR}, d.duration, d.images, d.mask, d.deleted, d.described, ${RATING}, ${AGE},
        d.traits)`;

/** What a series (`s.id`) or a season of it has below it. */
function deriveParents(kind: 'series' | 'season'): string {
  const below =
    kind === 'series'
      ? `e.root_id = s.id AND e.kind = 'episode' AND e.deleted_at IS NULL`
      : `e.root_id = s.root_id AND e.season = s.season AND e.kind = 'episode' AND e.deleted_at IS NULL`;
  const word = (column: 'images' | 'work', path: string) =>
    `(SELECT p.${column}->>'${path}' FROM item e CROSS JOIN file p ON p.item_id = e.id AND p.deleted_at IS NULL
      WHERE ${below} AND p.${column}->>'${path}' IS NOT NULL ORDER BY e.season, e.idx, p.id LIMIT 1)`;
  const picture = (role: string) => word('images', role);
  const [poster, backdrop, thumb] =
    kind === 'series'
      ? [picture('seriesPoster'), picture('seriesBackdrop'), picture('thumb')]
      : [picture('seasonPoster'), 'NULL', 'NULL'];
  const title = kind === 'series' ? `coalesce(f.work->>'$.series.title', s.title)` : 's.title';
  const sort = kind === 'series' ? `coalesce(f.work->>'$.series.sort', s.sort_title)` : 's.sort_title';
  const year =
    kind === 'series' ? `CASE WHEN f.id IS NULL THEN s.year ELSE ${word('work', '$.series.year')} END` : 's.year';
  const described = word('work', kind === 'series' ? '$.seriesDescribed' : '$.seasonDescribed');
  const traits =
    kind === 'series'
      ? `CASE WHEN f.id IS NULL THEN s.traits ELSE (
          SELECT json_group_array(key) FROM (SELECT DISTINCT j.value AS key FROM item e CROSS JOIN file p
            ON p.item_id = e.id AND p.deleted_at IS NULL, json_each(p.work, '$.traits') j WHERE ${below} ORDER BY 1)) END`
      : 'NULL';
  return `
    UPDATE item SET title = ${TITLE}, sort_title = ${SORT}, year = ${YEAR}, images = d.images,
      episodes = d.episodes, lib_mask = d.mask, deleted_at = d.deleted, described = d.described, rating = ${RATING},
      age = ${AGE}, traits = d.traits, chg = ?3
    FROM (
      SELECT s.id, ${title} AS title, ${sort} AS sort, ${year} AS year,
        CASE WHEN f.id IS NULL THEN s.images
          ELSE json_object('poster', ${poster}, 'backdrop', ${backdrop}, 'thumb', ${thumb}) END AS images,
        (SELECT count(*) FROM item e WHERE ${below}) AS episodes,
        CASE WHEN f.id IS NULL THEN s.lib_mask ELSE coalesce((
          SELECT sum(1 << l.bit) FROM library l WHERE EXISTS (
            SELECT 1 FROM item e WHERE ${below} AND (e.lib_mask & (1 << l.bit)) <> 0)), 0) END AS mask,
        CASE WHEN f.id IS NULL THEN coalesce(s.deleted_at, ?4) END AS deleted,
        CASE WHEN f.id IS NULL THEN s.described ELSE ${described} END AS described,
        ${traits} AS traits
      FROM ${TOUCHED} t CROSS JOIN item s ON s.id = t.id AND s.kind = '${kind}'
      LEFT JOIN file f ON f.id = (
        SELECT c.id FROM file c WHERE c.deleted_at IS NULL AND c.item_id = (
          SELECT e.id FROM item e WHERE ${below} ORDER BY e.season, e.idx LIMIT 1) ORDER BY c.id LIMIT 1)
    ) d LEFT JOIN description m ON m.hash = d.described LEFT JOIN item_edit e ON e.item_id = d.id
    WHERE item.id = d.id
      AND (item.title, item.sort_title, item.year, item.images, item.episodes, item.lib_mask, item.deleted_at,
        item.described, item.rating, item.age, item.traits)
        IS NOT (${TITLE}, ${SORT}, ${YEAR}, d.images, d.episodes, d.mask, d.deleted, d.described, ${RATING}, ${AGE},
          d.traits)`;
}

const DERIVE_SEASONS = deriveParents('season');
const DERIVE_SERIES = deriveParents('series');

/** Brings the touched items to what their live files say: the playable ones first, since the others count them. */
export function deriveStatements(db: D1Database, { keys, ids, stamp, now }: Touched): D1PreparedStatement[] {
  return [DERIVE_PLAYABLE, DERIVE_SEASONS, DERIVE_SERIES].map((sql) =>
    db.prepare(sql).bind(JSON.stringify(keys), JSON.stringify(ids), stamp, now),
  );
}
