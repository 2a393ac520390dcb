import { HearthcastError } from '../../shared/errors.ts';
import type { SyncAnswer, SyncBatch, SyncCursor } from '../../shared/protocol/sync.ts';
import { type FileState, stateStatements } from '../db/claims.ts';
import { mergeItems } from '../db/merges.ts';
import {
  type CursorRow,
  cursorOf,
  cursorStatement,
  isRefusedAdvance,
  knownEpochStatement,
} from '../db/sync-cursors.ts';
import type { Env } from '../env.ts';
import { publishEvent } from '../objects/event-publisher.ts';
import { durationOf, NOTHING_LOST, reapOlderEpochs } from './lost-files.ts';
import { type ReadBatch, readBatch } from './read-batch.ts';
import { batchStatements, planBatch } from './sync-plan.ts';

/** The batch does not continue the cursor; `cursor` is the true one, for the answer's problem document. */
export class CursorMismatch extends HearthcastError {
  readonly cursor: SyncCursor;

  constructor(cursor: SyncCursor) {
    super('cursor-mismatch');
    this.cursor = cursor;
  }
}

/**
 * Applies an agent's batch exactly once, as one transaction that fails whole unless it continues the cursor.
 * A batch without claims that moves nothing only asks for the cursor. Throws CursorMismatch with the true cursor,
 * `bad-request` for a root that the agent did not announce, `too-large` for a claim over D1's largest value.
 */
export async function applyBatch(env: Env, agentId: string, batch: SyncBatch, now: number): Promise<SyncAnswer> {
  const { epoch, fromRevision: from, toRevision: to } = batch;
  assertOrderly(batch);
  const read = await readBatch(env.DB, agentId, batch);
  const before = await readState(env.DB, agentId, epoch, read);
  if (!continues(before, epoch, from)) throw new CursorMismatch(publicCursor(before.cursor));
  const cursor = { epoch, revision: to };
  const completes = batch.complete && !(before.cursor.epoch === epoch && before.cursor.complete);
  const tookMs = read.tookMs + before.tookMs;
  if (to === from && !completes) return { cursor, tookMs };
  assertAnnounced(batch, read.roots);

  const plan = planBatch(read.claims, read.rows, before.files, read.readOf, now);
  try {
    // Before the cursor moves: where this is cut off, the agent sends the same batch again and it goes on.
    for (const { sourceId, targetId } of read.merges) await mergeItems(env.DB, sourceId, targetId, false, now);
    const last = { epoch, revision: from };
    const reaped = completes ? await reapOlderEpochs(env, agentId, last, read.rows, now) : NOTHING_LOST;
    const results = await env.DB.batch(batchStatements(env.DB, agentId, batch, plan, read, now));
    if (plan.changed || reaped.files > 0) {
      const libraryIds = new Set([...batch.claims.map((claim) => read.roots.get(claim.root)), ...reaped.libraryIds]);
      await publishEvent(env, { topic: 'metadata.updated', libraryIds: [...libraryIds].map(String) }, { users: 'all' });
    }
    return { cursor, tookMs: tookMs + reaped.tookMs + durationOf(results) };
  } catch (error) {
    if (!isRefusedAdvance(error)) throw error;
    const [result] = await env.DB.batch([cursorStatement(env.DB, agentId)]);
    throw new CursorMismatch(publicCursor(existing(cursorOf(result))));
  }
}

interface StateBefore {
  cursor: CursorRow;
  epochKnown: boolean;
  files: readonly FileState[];
  tookMs: number;
}

/** What stands now. It holds until the transaction if the cursor does: nobody else writes this agent's files. */
async function readState(
  db: D1Database,
  agentId: string,
  epoch: string,
  { rows, gone }: ReadBatch,
): Promise<StateBefore> {
  const results = await db.batch([
    cursorStatement(db, agentId),
    knownEpochStatement(db, agentId, epoch),
    ...stateStatements(db, agentId, epoch, [...rows, ...gone]),
  ]);
  return {
    cursor: existing(cursorOf(results[0])),
    epochKnown: (results[1]?.results.length ?? 0) > 0,
    files: results.slice(2).flatMap((result) => result.results as unknown as FileState[]),
    tookMs: durationOf(results),
  };
}

/** The rule of `advanceStatements`, asked early so that most refusals cost no write. */
function continues({ cursor, epochKnown }: StateBefore, epoch: string, from: number): boolean {
  if (cursor.removed) throw new HearthcastError('forbidden', 'This agent was removed.');
  return cursor.epoch === epoch ? cursor.revision === from : from === 0 && !epochKnown;
}

function assertOrderly({ claims, fromRevision, toRevision }: SyncBatch): void {
  if (toRevision < fromRevision) throw new HearthcastError('bad-request', 'A batch cannot end before it begins.');
  const keys = new Set<string>();
  for (const claim of claims) {
    if (claim.rev <= fromRevision || claim.rev > toRevision) {
      throw new HearthcastError('bad-request', `Revision ${claim.rev} lies outside the batch.`);
    }
    keys.add(`${claim.root}/${claim.pathHash}`);
  }
  if (keys.size < claims.length) throw new HearthcastError('bad-request', 'A batch has one claim a file at most.');
}

function assertAnnounced({ claims }: SyncBatch, roots: ReadonlyMap<string, number>): void {
  const unknown = claims.find((claim) => !roots.has(claim.root));
  if (unknown) throw new HearthcastError('bad-request', `The root “${unknown.root}” was not announced by this agent.`);
}

function existing(cursor: CursorRow | null): CursorRow {
  if (!cursor) throw new HearthcastError('forbidden', 'There is no such agent.');
  return cursor;
}

function publicCursor({ epoch, revision }: CursorRow): SyncCursor {
  return { epoch, revision };
}
