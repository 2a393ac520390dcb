/** Notes that an agent can make these pictures, and on which day (since 1970) it said so last. */
export function announceImages(
  db: D1Database,
  agentId: string,
  ids: readonly string[],
  day: number,
): D1PreparedStatement {
  return db
    .prepare(
      `INSERT INTO image (id, agent_id, said_at) SELECT value, ?1, ?3 FROM json_each(?2) WHERE true
      ON CONFLICT (id, agent_id) DO UPDATE SET said_at = excluded.said_at WHERE said_at < excluded.said_at`,
    )
    .bind(agentId, JSON.stringify(ids), day);
}

/** The agents that announced a picture, those that are not removed. */
export async function agentsOfImage(db: D1Database, id: string): Promise<string[]> {
  const { results } = await db
    .prepare(
      `SELECT i.agent_id AS agentId FROM image i CROSS JOIN agent a ON a.id = i.agent_id
      WHERE i.id = ?1 AND a.removed_at IS NULL`,
    )
    .bind(id)
    .all<{ agentId: string }>();
  return results.map((row) => row.agentId);
}

/** Forgets what an agent could make. */
export function forgetImages(db: D1Database, agentId: string): D1PreparedStatement {
  return db.prepare('DELETE FROM image WHERE agent_id = ?1').bind(agentId);
}
