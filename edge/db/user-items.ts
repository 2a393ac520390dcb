import type { UserData } from '../../shared/api/items.ts';
import type { Bindings } from '../bindings.ts';
import { watchedStatements } from './watch-counts.ts';
import { progressOf } from './watch-progress.ts';

type Db = Pick<Bindings, 'DB'>;

type UserItemRow = { asked: number; positionMs: number; played: number; favorite: number; rating: number | null };

/**
 * What a person did with items, also under the ids that were merged into them; those that they left alone are not in
 * it. Where they did it under several ids, the newest position and rating count.
 */
export async function userDataOf(env: Db, userId: number, itemIds: readonly number[]): Promise<Map<number, UserData>> {
  const { results } = await env.DB.prepare(
    `SELECT j.value AS asked, u.position_ms AS positionMs, u.played, u.favorite, u.rating
    FROM json_each(?2) j CROSS JOIN user_item u ON u.user_id = ?1 AND u.item_id IN (
      SELECT j.value UNION ALL SELECT a.item_id FROM item_alias a WHERE a.target_id = j.value)
    ORDER BY u.updated_at`,
  )
    .bind(userId, JSON.stringify(itemIds))
    .all<UserItemRow>();
  const data = new Map<number, UserData>();
  for (const { asked, positionMs, played, favorite, rating } of results) {
    const before = data.get(asked);
    data.set(asked, {
      ...{ positionMs, played: played === 1 || before?.played === true },
      ...{ favorite: favorite === 1 || before?.favorite === true, rating: rating ?? before?.rating ?? null },
    });
  }
  return data;
}

/** The playable items that a mark on this one is about: itself, or every live episode below a season or a series. */
const PLAYABLE = `SELECT i.id FROM item i WHERE i.id = ?2 AND i.kind NOT IN ('series', 'season')
  UNION ALL SELECT e.id FROM item e WHERE e.root_id = ?2 AND e.kind = 'episode' AND e.deleted_at IS NULL
  UNION ALL SELECT e.id FROM item t CROSS JOIN item e
    WHERE t.id = ?2 AND t.kind = 'season' AND e.root_id = t.root_id AND e.season = t.season AND e.kind = 'episode'
      AND e.deleted_at IS NULL`;

/** Marks an item as played or not; of a series or a season all its episodes. */
export async function setPlayed(env: Db, userId: number, itemId: number, played: boolean, now: number): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO user_item (user_id, item_id, played, plays, updated_at)
      SELECT ?1, id, ?3, ?3, ?4 FROM (${PLAYABLE}) WHERE true
      ON CONFLICT (user_id, item_id) DO UPDATE SET played = excluded.played, position_ms = 0,
        plays = plays + (excluded.played > played), updated_at = excluded.updated_at
      WHERE played <> excluded.played OR position_ms > 0`,
    ).bind(userId, itemId, played ? 1 : 0, now),
    ...(played ? [] : [alsoUnder(env, userId, itemId, 'played')]),
    ...countStatements(env, userId, itemId, now),
  ]);
}

export async function setFavorite(
  env: Db,
  userId: number,
  itemId: number,
  favorite: boolean,
  now: number,
): Promise<void> {
  // `updated_at` stays: it orders what people continue to watch.
  await env.DB.batch([
    env.DB.prepare(
      `INSERT INTO user_item (user_id, item_id, favorite, updated_at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (user_id, item_id) DO UPDATE SET favorite = excluded.favorite`,
    ).bind(userId, itemId, favorite ? 1 : 0, now),
    ...(favorite ? [] : [alsoUnder(env, userId, itemId, 'favorite')]),
  ]);
}

/** A person's own rating in ten steps; null takes it back. */
export async function setRating(
  env: Db,
  userId: number,
  itemId: number,
  rating: number | null,
  now: number,
): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO user_item (user_id, item_id, rating, updated_at) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (user_id, item_id) DO UPDATE SET rating = excluded.rating`,
  )
    .bind(userId, itemId, rating, now)
    .run();
}

/** Takes a mark back under the ids too that were merged into an item: it is shown wherever one of them has it. */
function alsoUnder(env: Db, userId: number, itemId: number, mark: 'played' | 'favorite'): D1PreparedStatement {
  return env.DB.prepare(
    `UPDATE user_item SET ${mark} = 0 WHERE user_id = ?1 AND ${mark} = 1
      AND item_id IN (SELECT item_id FROM item_alias WHERE target_id = ?2)`,
  ).bind(userId, itemId);
}

/** Keeps where a person is in a playable item, or marks it as played near its end. Milliseconds. */
export async function saveProgress(
  env: Db,
  userId: number,
  itemId: number,
  positionMs: number,
  durationMs: number,
  now: number,
): Promise<void> {
  const progress = progressOf(positionMs, durationMs);
  if (progress.finished) {
    await finish(env, userId, itemId, durationMs, now);
  } else if (progress.positionMs > 0) {
    await env.DB.prepare(
      `INSERT INTO user_item (user_id, item_id, position_ms, updated_at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (user_id, item_id) DO UPDATE SET position_ms = excluded.position_ms, updated_at = excluded.updated_at`,
    )
      .bind(userId, itemId, progress.positionMs, now)
      .run();
  } else {
    await env.DB.prepare('UPDATE user_item SET position_ms = 0 WHERE user_id = ?1 AND item_id = ?2 AND position_ms > 0')
      .bind(userId, itemId)
      .run();
  }
}

async function finish(env: Db, userId: number, itemId: number, durationMs: number, now: number): Promise<void> {
  await env.DB.batch([
    // Before the mark is set: reports go on while the credits roll, and only the first of them counts.
    ...watchedStatements(env.DB, { userId, itemId, durationMs, now }),
    env.DB.prepare(
      `INSERT INTO user_item (user_id, item_id, played, plays, updated_at) VALUES (?1, ?2, 1, 1, ?3)
      ON CONFLICT (user_id, item_id) DO UPDATE SET plays = plays + (position_ms > 0 OR played = 0), played = 1,
        position_ms = 0, updated_at = excluded.updated_at
      WHERE position_ms > 0 OR played = 0`,
    ).bind(userId, itemId, now),
    ...countStatements(env, userId, itemId, now),
  ]);
}

/** Counts anew what a person saw of the series that an item belongs to, and of its seasons. */
function countStatements(env: Db, userId: number, itemId: number, now: number): D1PreparedStatement[] {
  const seriesId = `(SELECT coalesce(root_id, id) FROM item WHERE id = ?2 AND kind IN ('series', 'season', 'episode'))`;
  const seen = `FROM item e CROSS JOIN user_item x ON x.user_id = ?1 AND x.item_id = e.id
    WHERE x.played = 1 AND e.kind = 'episode' AND e.deleted_at IS NULL AND e.root_id = `;
  return [
    env.DB.prepare(
      `INSERT INTO user_parent (user_id, item_id, played, updated_at)
      SELECT ?1, s.id, (SELECT count(*) ${seen} s.root_id AND e.season = s.season), ?3
      FROM item s WHERE s.parent_id = ${seriesId} AND s.kind = 'season'
      ON CONFLICT (user_id, item_id) DO UPDATE SET played = excluded.played WHERE played <> excluded.played`,
    ).bind(userId, itemId, now),
    env.DB.prepare(
      `INSERT INTO user_parent (user_id, item_id, played, last_season, last_idx, updated_at)
      SELECT ?1, s.id, (SELECT count(*) ${seen} s.id), l.season, l.idx, ?3
      FROM item s LEFT JOIN item l ON l.id = (
        SELECT e.id ${seen} s.id ORDER BY x.updated_at DESC, e.season DESC, e.idx DESC LIMIT 1)
      WHERE s.id = ${seriesId}
      ON CONFLICT (user_id, item_id) DO UPDATE SET played = excluded.played, last_season = excluded.last_season,
        last_idx = excluded.last_idx, updated_at = excluded.updated_at`,
    ).bind(userId, itemId, now),
  ];
}
