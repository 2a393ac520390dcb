import { deleteAuditBefore } from '../db/audit.ts';
import { deleteAuthSessionsBefore } from '../db/auth-sessions.ts';
import { deleteExpiredEnrolments } from '../db/enrolments.ts';
import { deletePairingsBefore } from '../db/pairings.ts';
import { deleteRunsBefore } from '../db/scan-runs.ts';
import type { Env } from '../env.ts';

/** Rows a statement deletes at most, so that no viewer's read waits long behind it. */
const CHUNK = 500;

/** Statements of one run; what is left waits for the next. */
const MAX_CHUNKS = 20;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Ended sessions are kept for a day: long after the last access token of theirs is dead. */
const KEEP_MS = DAY_MS;

/** The audit log goes back this far. */
export const AUDIT_KEEP_MS = 180 * DAY_MS;

/** What scans did is of interest for this long. */
const RUNS_KEEP_MS = 30 * DAY_MS;

type Delete = (env: Pick<Env, 'DB'>, before: number, limit: number) => Promise<number>;

const CLEANINGS: readonly (readonly [Delete, keepMs: number])[] = [
  [deleteAuthSessionsBefore, KEEP_MS],
  [deleteExpiredEnrolments, KEEP_MS],
  [deletePairingsBefore, KEEP_MS],
  [deleteAuditBefore, AUDIT_KEEP_MS],
  [deleteRunsBefore, RUNS_KEEP_MS],
];

/**
 * Deletes sign-ins, enrolment codes and pairings that have been over for a day, audit entries over 180 days old, and scans over 30.
 * Bounded; called by the cron trigger.
 */
export async function cleanUp(env: Pick<Env, 'DB'>, now: number): Promise<void> {
  for (const [remove, keepMs] of CLEANINGS) {
    for (let i = 0; i < MAX_CHUNKS; i++) {
      if ((await remove(env, now - keepMs, CHUNK)) < CHUNK) break;
    }
  }
}
