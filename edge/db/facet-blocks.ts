import { BLOCK_COLUMNS, BLOCK_IDS, COLUMN_IDS } from './block-bits.ts';
import { CHANGED } from './item-facets.ts';

/** Facets whose blocks one question lays over one another: the rarest of those that are asked for. */
const MAX_FACETS = 4;

const COLUMNS = Array.from({ length: BLOCK_COLUMNS }, (_, n) => `b${n}`);
const each = (write: (column: string, n: number) => string) => COLUMNS.map(write).join(', ');

/** Writes the titles of `items` (a query of facet_id and item_id) into the blocks of their facets. */
const writeInto = (items: string) => `INSERT INTO facet_block (facet_id, block, ${COLUMNS.join(', ')})
  SELECT x.facet_id, x.item_id / ${BLOCK_IDS},
    ${each((_, n) => `sum(iif(x.item_id % ${BLOCK_IDS} / ${COLUMN_IDS} = ${n}, 1 << (x.item_id % ${BLOCK_IDS} % ${COLUMN_IDS}), 0))`)}
  FROM (${items}) x WHERE true GROUP BY 1, 2
  ON CONFLICT (facet_id, block) DO UPDATE SET ${each((b) => `${b} = ${b} | excluded.${b}`)}
  WHERE (${COLUMNS.map((b) => `(excluded.${b} & ~${b})`).join(' | ')}) <> 0`;

/** Brings blocks to what has changed; after `FACET_SQL`. What an item has no longer stays: pages ask for it anyway. */
export const BLOCK_SQL = writeInto(
  `SELECT x.facet_id, x.item_id FROM ${CHANGED} c CROSS JOIN item i ON i.id = c.id AND i.browse = 1 AND i.deleted_at IS NULL
  CROSS JOIN item_facet x ON x.item_id = i.id CROSS JOIN facet f ON f.id = x.facet_id AND f.blocks > 0`,
);

/** Facets whose blocks are not whole yet. */
export async function facetsToBlock(db: D1Database, limit: number): Promise<number[]> {
  const { results } = await db
    .prepare('SELECT id FROM facet WHERE blocks = 1 ORDER BY id LIMIT ?1')
    .bind(limit)
    .all<{ id: number }>();
  return results.map((row) => row.id);
}

export interface BlockPlace {
  addedAt: number;
  itemId: number;
}

/** Writes so many titles of a facet after a place into its blocks; answers where they end, null at the facet's end. */
export async function growBlocks(
  db: D1Database,
  facetId: number,
  after: BlockPlace | null,
  titles: number,
): Promise<BlockPlace | null> {
  const some = `SELECT facet_id, added_at, item_id, browse FROM facet_item
    WHERE facet_id = ?1 AND (added_at, item_id) > (?2, ?3) ORDER BY added_at, item_id LIMIT ?4`;
  const place = [facetId, after?.addedAt ?? Number.MIN_SAFE_INTEGER, after?.itemId ?? 0];
  const [, rest] = await db.batch<BlockPlace>([
    db.prepare(writeInto(`SELECT * FROM (${some}) WHERE browse = 1`)).bind(...place, titles),
    db
      .prepare(`SELECT added_at AS addedAt, item_id AS itemId FROM (${some}) LIMIT 1 OFFSET ?4 - 1`)
      .bind(...place, titles),
  ]);
  return rest?.results[0] ?? null;
}

/** The blocks of a facet are whole from now on. */
export async function finishBlocks(db: D1Database, facetId: number): Promise<void> {
  await db.prepare('UPDATE facet SET blocks = 2 WHERE id = ?1 AND blocks = 1').bind(facetId).run();
}

/** What facets with whole blocks hold together, block by block: at least all titles that have all of them. */
export async function sharedBlocks(
  db: D1Database,
  facetIds: readonly number[],
): Promise<{ block: number; columns: number[] }[]> {
  const [first, ...others] = facetIds.slice(0, MAX_FACETS).map((id, n) => ({ id, t: `t${n}` }));
  if (!first) return [];
  const both = (b: string) => [first, ...others].map(({ t }) => `${t}.${b}`).join(' & ');
  const joins = others.map(
    ({ t }, n) => `CROSS JOIN facet_block ${t} ON ${t}.facet_id = ?${n + 2} AND ${t}.block = t0.block`,
  );
  const rows = await db
    .prepare(
      `SELECT t0.block, ${COLUMNS.map(both).join(', ')} FROM facet_block t0 ${joins.join(' ')}
      WHERE t0.facet_id = ?1 AND (${COLUMNS.map((b) => `(${both(b)})`).join(' | ')}) <> 0`,
    )
    .bind(first.id, ...others.map(({ id }) => id))
    .raw<number[]>();
  return rows.map(([block = 0, ...columns]) => ({ block, columns }));
}
