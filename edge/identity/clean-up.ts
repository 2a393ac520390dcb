import type { Settings } from '../../shared/api/settings.ts';
import type { Bindings } from '../bindings.ts';
import { deleteAuditBefore } from '../db/audit.ts';
import { deleteAuthSessionsBefore } from '../db/auth-sessions.ts';
import { deleteExpiredEnrolments } from '../db/enrolments.ts';
import { deletePairingsBefore } from '../db/pairings.ts';
import { deleteRunsBefore } from '../db/scan-runs.ts';
import { readSettings } from '../deployment/settings.ts';

/** Rows a statement deletes at most, so that no viewer's read waits long behind it. */
const CHUNK = 500;

/** Statements of one run; what is left waits for the next. */
const MAX_CHUNKS = 20;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Ended sessions are kept for a day: long after the last access token of theirs is dead. */
const KEEP_MS = DAY_MS;

/** What scans did is of interest for this long. */
const RUNS_KEEP_MS = 30 * DAY_MS;

type Delete = (env: Pick<Bindings, 'DB'>, before: number, limit: number) => Promise<number>;

const cleanings = ({ auditDays }: Settings): readonly (readonly [Delete, keepMs: number])[] => [
  [deleteAuthSessionsBefore, KEEP_MS],
  [deleteExpiredEnrolments, KEEP_MS],
  [deletePairingsBefore, KEEP_MS],
  [deleteAuditBefore, auditDays * DAY_MS],
  [deleteRunsBefore, RUNS_KEEP_MS],
];

/**
 * Deletes sign-ins, enrolment codes and pairings that have been over for a day, audit entries that are older than the
 * deployment keeps them, and scans over 30 days old.
 * Bounded; called by the cron trigger.
 */
export async function cleanUp(env: Pick<Bindings, 'DB' | 'SERVER_NAME'>, now: number): Promise<void> {
  for (const [remove, keepMs] of cleanings(await readSettings(env))) {
    for (let i = 0; i < MAX_CHUNKS; i++) {
      if ((await remove(env, now - keepMs, CHUNK)) < CHUNK) break;
    }
  }
}
