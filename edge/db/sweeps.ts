import type { Bindings } from '../bindings.ts';

type Db = Pick<Bindings, 'DB'>;

const JOB = `job = 'sweep'`;

/** The last day (since 1970) that was swept. */
export async function sweptUntil({ DB }: Db): Promise<number> {
  return (await DB.prepare(`SELECT after_id AS day FROM backfill WHERE ${JOB}`).first<number>('day')) ?? 0;
}

export async function noteSwept({ DB }: Db, day: number): Promise<void> {
  await DB.prepare(
    `INSERT INTO backfill (job, after_id) VALUES ('sweep', ?1) ON CONFLICT (job) DO UPDATE SET after_id = ?1`,
  )
    .bind(day)
    .run();
}

export interface FileSays {
  id: number;
  /** JSON of what its claim says of its item, and of its pictures. */
  work: string | null;
  images: string | null;
}

/** What files say, those that are gone too: they may come back. In order of their ids, after one. */
export async function whatFilesSay({ DB }: Db, after: number, limit: number): Promise<FileSays[]> {
  const { results } = await DB.prepare('SELECT id, work, images FROM file WHERE id > ?1 ORDER BY id LIMIT ?2')
    .bind(after, limit)
    .all<FileSays>();
  return results;
}

/** Deletes descriptions of a part of all hashes that are not among these, and that nobody has said since. */
export async function sweepDescriptions(
  { DB }: Db,
  [from, to]: readonly [string, string],
  used: Iterable<string>,
  before: number,
): Promise<number> {
  const { meta } = await DB.prepare(
    `DELETE FROM description WHERE hash >= ?1 AND hash < ?2 AND said_at < ?4
      AND hash NOT IN (SELECT value FROM json_each(?3))`,
  )
    .bind(from, to, JSON.stringify([...used]), before)
    .run();
  return meta.changes;
}

/** Forgets announced pictures of a part of all ids in the same way; answers those that no agent has any more. */
export async function sweepImages(
  { DB }: Db,
  [from, to]: readonly [string, string],
  used: Iterable<string>,
  before: number,
): Promise<string[]> {
  const { results } = await DB.prepare(
    `DELETE FROM image WHERE id >= ?1 AND id < ?2 AND said_at < ?4
      AND id NOT IN (SELECT value FROM json_each(?3)) RETURNING id`,
  )
    .bind(from, to, JSON.stringify([...used]), before)
    .all<{ id: string }>();
  return [...new Set(results.map((row) => row.id))];
}

/** Facets that no list leads to, that nobody hides or has watched, and that no admin has said, at most so many. */
export async function emptyFacets({ DB }: Db, after: number, limit: number): Promise<number[]> {
  const { results } = await DB.prepare(
    `SELECT f.id FROM facet f WHERE f.id > ?1 AND f.items = 0 AND f.id NOT IN (SELECT facet_id FROM hidden_facet)
      AND f.key NOT IN (SELECT j.value->>0 FROM item_edit e, json_each(e.facets) j)
      AND NOT EXISTS (SELECT 1 FROM watch_count w WHERE w.user_id = 0 AND w.kind = f.kind AND w.ref_id = f.id)
    ORDER BY f.id LIMIT ?2`,
  )
    .bind(after, limit)
    .all<{ id: number }>();
  return results.map((row) => row.id);
}

/** Which of these facets the items of a span of ids have; those of episodes and seasons are on no list. */
export async function facetsHeld(
  { DB }: Db,
  ids: readonly number[],
  [after, to]: readonly [number, number],
): Promise<number[]> {
  const { results } = await DB.prepare(
    `SELECT DISTINCT facet_id AS id FROM item_facet WHERE item_id > ?2 AND item_id <= ?3
      AND +facet_id IN (SELECT value FROM json_each(?1))`,
  )
    .bind(JSON.stringify(ids), after, to)
    .all<{ id: number }>();
  return results.map((row) => row.id);
}

export async function lastItemId({ DB }: Db): Promise<number> {
  return (await DB.prepare('SELECT coalesce(max(id), 0) AS id FROM item').first<number>('id')) ?? 0;
}

/** Deletes facets with all that names them, those of them that have got a title meanwhile left out. */
export async function deleteFacets({ DB }: Db, ids: readonly number[]): Promise<void> {
  const json = JSON.stringify(ids);
  const still = 'SELECT f.id FROM json_each(?1) j CROSS JOIN facet f ON f.id = j.value WHERE f.items = 0';
  await DB.batch([
    DB.prepare(`DELETE FROM facet_fts WHERE rowid IN (${still})`).bind(json),
    DB.prepare(`DELETE FROM narrow_facet WHERE facet_id IN (${still})`).bind(json),
    DB.prepare(`DELETE FROM facet_block WHERE facet_id IN (${still})`).bind(json),
    DB.prepare(`DELETE FROM facet WHERE id IN (${still})`).bind(json),
  ]);
}
