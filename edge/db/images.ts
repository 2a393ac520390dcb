/** Notes that an agent can make these pictures. */
export function announceImages(db: D1Database, agentId: string, ids: readonly string[]): D1PreparedStatement {
  return db
    .prepare('INSERT OR IGNORE INTO image (id, agent_id) SELECT value, ?1 FROM json_each(?2)')
    .bind(agentId, JSON.stringify(ids));
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
