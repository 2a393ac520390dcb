import type { Found, KnownNames } from '../catalog/identify.ts';
import { EXTERNAL, type TopName } from '../catalog/keys.ts';
import { jsonChunks } from './json-rows.ts';
import { BY_CONTENT } from './renames.ts';

/** Pairs that admins took apart; made by hand, so there are few. */
const MAX_APART = 2_000;

/** Items of one title that are looked at where a year is missing: two are as many as none. */
const MAX_YEARS = 8;

const FOUND = `t.id, t.key AS itemKey, t.year,
  (SELECT group_concat(x.key, char(10)) FROM item_key x WHERE x.item_id = t.id AND x.key >= '${EXTERNAL}'
    AND x.key < '${EXTERNAL}~') AS ids`;

interface FoundRow {
  key: string;
  id: number;
  itemKey: string;
  year: number | null;
  ids: string | null;
}

/** What the catalog knows of these names: three statements, for `knownNamesOf`. */
export function nameStatements(db: D1Database, names: readonly TopName[]): D1PreparedStatement[] {
  const keys = new Set(
    names.flatMap(({ key, yearless, ids }) => [key, ...(yearless === null ? [] : [yearless]), ...ids]),
  );
  const open = new Set(names.flatMap(({ yearless, year }) => (yearless !== null && year === null ? [yearless] : [])));
  return [
    db
      .prepare(
        `SELECT j.value AS key, ${FOUND} FROM json_each(?1) j CROSS JOIN item k ON k.key = j.value
        LEFT JOIN item_alias a ON a.item_id = k.id AND a.by_hand <> ${BY_CONTENT} CROSS JOIN item t ON t.id = coalesce(a.target_id, k.id)
        UNION ALL
        SELECT j.value, ${FOUND} FROM json_each(?1) j CROSS JOIN item_key k ON k.key = j.value
        LEFT JOIN item_alias a ON a.item_id = k.item_id AND a.by_hand <> ${BY_CONTENT} CROSS JOIN item t ON t.id = coalesce(a.target_id, k.item_id)`,
      )
      .bind(JSON.stringify([...keys])),
    db
      .prepare(
        `SELECT j.value AS key, ${FOUND} FROM json_each(?1) j CROSS JOIN item t
        ON t.id IN (SELECT y.id FROM item y WHERE y.key > j.value AND y.key < j.value || ':' AND y.deleted_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM item_alias a WHERE a.item_id = y.id) LIMIT ${MAX_YEARS})`,
      )
      .bind(JSON.stringify([...open])),
    db.prepare(`SELECT low_id AS low, high_id AS high FROM item_apart LIMIT ${MAX_APART}`),
  ];
}

/** The answers of `nameStatements`. */
export function knownNamesOf(results: readonly D1Result<unknown>[]): KnownNames {
  const items = new Map<number, Found>();
  const foundOf = ({ id, itemKey, year, ids }: FoundRow): Found => {
    const found = items.get(id) ?? { id, key: itemKey, year, ids: ids?.split('\n') ?? [] };
    items.set(id, found);
    return found;
  };
  const named = (results[0]?.results ?? []) as FoundRow[];
  // An item's own key holds before what was learned of it.
  const byKey = new Map([...named].reverse().map((row) => [row.key, foundOf(row)]));
  const withYear = new Map<string, Found[]>();
  for (const row of (results[1]?.results ?? []) as FoundRow[]) {
    withYear.set(row.key, [...(withYear.get(row.key) ?? []), foundOf(row)]);
  }
  const apart = new Set(
    ((results[2]?.results ?? []) as { low: number; high: number }[]).map(({ low, high }) => `${low}/${high}`),
  );
  return { byKey, withYear, isApart: (a, b) => apart.has(`${Math.min(a, b)}/${Math.max(a, b)}`) };
}

/** Keeps what was learned of items that are there by now. */
export function learnStatements(
  db: D1Database,
  learned: readonly (readonly [key: string, itemKey: string])[],
): D1PreparedStatement[] {
  const insert = db.prepare(
    `INSERT INTO item_key (key, item_id)
    SELECT r.value->>0, i.id FROM json_each(?1) r CROSS JOIN item i ON i.key = r.value->>1
    WHERE NOT EXISTS (SELECT 1 FROM item o WHERE o.key = r.value->>0)
    ON CONFLICT (key) DO NOTHING`,
  );
  return jsonChunks(learned).map((chunk) => insert.bind(chunk));
}
