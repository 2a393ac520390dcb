import type { ScanProgress } from '../../shared/protocol/frames.ts';
import type { ScanRunInfo, ScanTrigger } from '../../shared/protocol/scans.ts';

/** Runs of one root that are kept. */
export const MAX_RUNS_PER_ROOT = 200;

/** What an agent said of a run of its own, with the scan's progress. */
export interface RunNews extends Omit<ScanProgress, 'kind' | 'run'> {
  agentId: string;
  run: ScanRunInfo;
}

/**
 * Writes how far a run is: at once where its phase or state changes, otherwise where the last time is `everyMs` ago.
 * Runs of the same root that nobody heard of any more were interrupted; a start of the agent ends those too that
 * waited.
 */
export function runStatements(db: D1Database, news: RunNews, now: number, everyMs: number): D1PreparedStatement[] {
  const { agentId, root, phase, total, done, problems, message, run } = news;
  const startedAt = now - run.tookMs;
  const endedAt = run.state === 'running' ? null : now;
  return [
    db
      .prepare(
        `UPDATE scan_run SET state = 'interrupted', ended_at = updated_at
        WHERE agent_id = ?1 AND root = ?2 AND ended_at IS NULL AND run <> ?3 AND (state = 'running' OR ?4 = 'start')
          AND ?5 = 'running' AND NOT (state = 'waiting' AND message IS NOT NULL)`,
      )
      .bind(agentId, root, run.id, run.trigger, run.state),
    db
      .prepare(
        `INSERT INTO scan_run (agent_id, root, run, library_id, trigger, full, state, phase, total, done, read, removed,
          held, problems, message, started_at, updated_at, ended_at)
        SELECT ?1, ?2, ?3, (SELECT library_id FROM root WHERE agent_id = ?1 AND id = ?2), ?4, ?5, ?6, ?7, ?8, ?9, ?10,
          ?11, ?12, ?13, ?14, ?15, ?16, ?17
        WHERE true
        ON CONFLICT (agent_id, root, run) DO UPDATE SET trigger = excluded.trigger, full = excluded.full,
          state = excluded.state, phase = excluded.phase, total = excluded.total, done = excluded.done,
          read = excluded.read, removed = excluded.removed, held = excluded.held, problems = excluded.problems,
          message = excluded.message, updated_at = excluded.updated_at, ended_at = excluded.ended_at,
          started_at = CASE WHEN state = 'waiting' THEN excluded.started_at ELSE started_at END
        WHERE state IN ('waiting', 'running', 'interrupted')
          AND (updated_at <= excluded.updated_at - ?18 OR (state, phase) IS NOT (excluded.state, excluded.phase))`,
      )
      .bind(
        ...[agentId, root, run.id, run.trigger, run.full ? 1 : 0, run.state, phase, total, done, run.read, run.removed],
        ...[run.held, problems, message, startedAt, now, endedAt, everyMs],
      ),
    // A run begins with its first walk: later words of it have made no room to win back.
    ...(phase === 'walking' && done === 0 ? [oldRunsStatement(db, agentId, root)] : []),
  ];
}

function oldRunsStatement(db: D1Database, agentId: string, root: string): D1PreparedStatement {
  return db
    .prepare(
      `DELETE FROM scan_run WHERE id IN (
        SELECT id FROM scan_run WHERE agent_id = ?1 AND root = ?2 ORDER BY id DESC LIMIT -1 OFFSET ?3)`,
    )
    .bind(agentId, root, MAX_RUNS_PER_ROOT);
}

/** A run that somebody asked for; its agent may have told of it already. */
export interface AskedRun {
  agentId: string;
  root: string;
  run: string;
  trigger: ScanTrigger;
  full: boolean;
  askedBy: string;
  /** Why it waits, where its machine could not be told: it is told when it is back. */
  held: string | null;
}

/** One that is held goes into the one that is held already. */
export function askedRunStatement(db: D1Database, asked: AskedRun, now: number): D1PreparedStatement {
  const { agentId, root, run, trigger, full, askedBy, held } = asked;
  return db
    .prepare(
      `INSERT INTO scan_run (agent_id, root, run, library_id, trigger, full, asked_by, state, phase, total, done, read,
        removed, held, problems, message, started_at, updated_at)
      SELECT ?1, ?2, coalesce((SELECT run FROM scan_run WHERE ?7 IS NOT NULL AND ${HELD} AND root = ?2), ?3),
        (SELECT library_id FROM root WHERE agent_id = ?1 AND id = ?2), ?4, ?5, ?6, 'waiting', 'idle', NULL, 0, 0, 0, 0,
        0, ?7, ?8, ?8
      WHERE true
      ON CONFLICT (agent_id, root, run) DO UPDATE SET asked_by = excluded.asked_by, full = max(full, excluded.full)`,
    )
    .bind(agentId, root, run, trigger, full ? 1 : 0, askedBy, held, now);
}

/** Runs of the agent ?1 that wait for it to be back: the agent itself knows nothing of them, and says nothing. */
const HELD = `agent_id = ?1 AND state = 'waiting' AND ended_at IS NULL AND message IS NOT NULL`;

export interface HeldRun {
  id: number;
  root: string;
  trigger: 'hand' | 'webhook';
  full: 0 | 1;
  askedBy: string;
}

/** The runs that wait for an agent. */
export async function heldRuns(db: D1Database, agentId: string): Promise<HeldRun[]> {
  const { results } = await db
    .prepare(`SELECT id, root, trigger, full, asked_by AS askedBy FROM scan_run WHERE ${HELD} ORDER BY id`)
    .bind(agentId)
    .all<HeldRun>();
  return results;
}

export function deleteRun(db: D1Database, id: number): D1PreparedStatement {
  return db.prepare('DELETE FROM scan_run WHERE id = ?1').bind(id);
}

/** Nobody waits any more for an agent to scan a root. */
export function stopHeldStatement(db: D1Database, agentId: string, root: string, now: number): D1PreparedStatement {
  return db
    .prepare(`UPDATE scan_run SET state = 'stopped', message = NULL, ended_at = ?3 WHERE ${HELD} AND root = ?2`)
    .bind(agentId, root, now);
}

export interface RunRow {
  id: number;
  libraryId: number | null;
  libraryName: string | null;
  root: string;
  rootName: string | null;
  agentId: string;
  agentName: string | null;
  trigger: ScanTrigger;
  full: 0 | 1;
  askedBy: string | null;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'stopped' | 'interrupted';
  startedAt: number;
  endedAt: number | null;
  total: number | null;
  done: number;
  read: number;
  removed: number;
  held: number;
  problems: number;
  message: string | null;
}

/** Runs below an id, of one library or of all, the newest first. */
export async function runsBelow(
  db: D1Database,
  libraryId: number | null,
  below: number,
  limit: number,
): Promise<RunRow[]> {
  const of = libraryId === null ? '' : 'AND s.library_id = ?3';
  const { results } = await db
    .prepare(
      `SELECT s.id, s.library_id AS libraryId, l.name AS libraryName, s.root, r.name AS rootName,
        s.agent_id AS agentId, a.name AS agentName, s.trigger, s.full, s.asked_by AS askedBy, s.state,
        s.started_at AS startedAt, s.ended_at AS endedAt, s.total, s.done, s.read, s.removed, s.held, s.problems,
        s.message
      FROM scan_run s LEFT JOIN root r ON r.agent_id = s.agent_id AND r.id = s.root
      LEFT JOIN agent a ON a.id = s.agent_id LEFT JOIN library l ON l.id = s.library_id
      WHERE s.id < ?1 ${of} ORDER BY s.id DESC LIMIT ?2`,
    )
    .bind(below, limit, ...(libraryId === null ? [] : [libraryId]))
    .all<RunRow>();
  return results;
}

/** Deletes at most `limit` runs that ended before a time; answers how many. */
export async function deleteRunsBefore(env: { DB: D1Database }, before: number, limit: number): Promise<number> {
  const { meta } = await env.DB.prepare(
    'DELETE FROM scan_run WHERE id IN (SELECT id FROM scan_run WHERE started_at < ? ORDER BY id LIMIT ?)',
  )
    .bind(before, limit)
    .run();
  return meta.changes;
}

/** Forgets the runs of an agent that was removed. */
export function forgetRuns(db: D1Database, agentId: string): D1PreparedStatement {
  return db.prepare('DELETE FROM scan_run WHERE agent_id = ?1').bind(agentId);
}
