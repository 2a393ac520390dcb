import type { FileState } from './claims.ts';

/** Content that a batch brought, took away or gave another title. */
export interface MovedContent {
  /** Fingerprints of files that came or went. */
  contents: readonly string[];
  /** Titles that a file was of before, with its fingerprint, where its name says another one now. */
  left: readonly (readonly [itemId: number, fingerprint: string])[];
}

/**
 * Stands in `by_hand` for a title whose files all have other names now. Its own name still leads to itself: when a file
 * has it again, the two are apart.
 */
export const BY_CONTENT = 2;

/** Titles that have lost what the batch is about: ?1 fingerprints, ?2 what was left, ?3 the agent. */
const LOST = `SELECT l.item_id AS id, l.fingerprint FROM json_each(?1) j
  CROSS JOIN file l INDEXED BY file_lost ON l.fingerprint = j.value AND l.deleted_at IS NOT NULL AND l.agent_id = ?3
  UNION SELECT value->>0, value->>1 FROM json_each(?2)`;

/** Titles that were left for another one in this transaction or before. */
const LEFT = `SELECT a.item_id FROM (${LOST}) lost CROSS JOIN item_alias a ON a.item_id = lost.id AND a.by_hand = ${BY_CONTENT}`;

/**
 * A film or an episode of which nothing is left, while its content is there under another name, is shown as that one:
 * what people did with it stays in sight. After `deriveStatements`, which says what is left of each; `keys` are the items that files
 * came to.
 */
export function renameStatements(
  db: D1Database,
  agentId: string,
  { contents, left }: MovedContent,
  keys: readonly string[],
  now: number,
): D1PreparedStatement[] {
  const parameters = [JSON.stringify(contents), JSON.stringify(left), agentId];
  return [
    db
      .prepare(
        `DELETE FROM item_alias WHERE by_hand = ${BY_CONTENT} AND item_id IN (
          SELECT k.id FROM json_each(?1) j CROSS JOIN item k ON k.key = j.value AND k.deleted_at IS NULL)`,
      )
      .bind(JSON.stringify(keys)),
    // What was found to be the lost title itself would have to go back with it: it stays as it is.
    db
      .prepare(
        `INSERT INTO item_alias (item_id, target_id, by_hand, made_at)
        SELECT x.id, min(y.id), ${BY_CONTENT}, ?4 FROM (${LOST}) lost
        CROSS JOIN item x ON x.id = lost.id AND x.kind IN ('movie', 'episode') AND x.deleted_at IS NOT NULL
        CROSS JOIN file n INDEXED BY file_fingerprint
          ON n.fingerprint = lost.fingerprint AND n.deleted_at IS NULL AND n.agent_id = ?3
        CROSS JOIN item y ON y.id = n.item_id AND y.kind = x.kind AND y.deleted_at IS NULL AND y.id <> x.id
        WHERE NOT EXISTS (SELECT 1 FROM item_apart p WHERE p.low_id = min(x.id, y.id) AND p.high_id = max(x.id, y.id))
          AND NOT EXISTS (SELECT 1 FROM item_alias o WHERE o.target_id = x.id AND o.by_hand <> ${BY_CONTENT})
        GROUP BY x.id ON CONFLICT (item_id) DO NOTHING`,
      )
      .bind(...parameters, now),
    // What led to it leads to where it went: an alias is never of an alias.
    db
      .prepare(
        `UPDATE item_alias SET target_id = a.target_id FROM item_alias a
        WHERE item_alias.target_id = a.item_id AND a.item_id IN (${LEFT})`,
      )
      .bind(...parameters),
    db
      .prepare(
        `UPDATE item SET merged = 1 WHERE merged = 0 AND id IN (
          SELECT target_id FROM item_alias WHERE item_id IN (${LEFT}))`,
      )
      .bind(...parameters),
  ];
}

/** What a file's new row says of content: it came, it went, or its name says another title. */
export function movedContent(
  state: Pick<FileState, 'itemId' | 'fingerprint'> | undefined,
  fingerprint: string | null,
): { contents: string[]; left: [number, string][] } {
  const before = state?.fingerprint ?? null;
  const contents = [...new Set([before, fingerprint])].filter((one) => one !== null);
  const stays = before !== null && before === fingerprint && state?.itemId;
  return { contents, left: stays ? [[stays, before]] : [] };
}
