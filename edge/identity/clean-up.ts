import { deleteAuthSessionsBefore } from '../db/auth-sessions.ts';
import { deleteExpiredEnrolments } from '../db/enrolments.ts';
import type { Env } from '../env.ts';

/** Rows a statement deletes at most, so that no viewer's read waits long behind it. */
const CHUNK = 500;

/** Statements of one run; what is left waits for the next. */
const MAX_CHUNKS = 20;

/** Ended sessions are kept for a day: long after the last access token of theirs is dead. */
const KEEP_MS = 24 * 60 * 60 * 1000;

type Delete = (env: Pick<Env, 'DB'>, before: number, limit: number) => Promise<number>;

/** Deletes sign-ins and enrolment codes that have been over for a day. Bounded; called by the cron trigger. */
export async function cleanUp(env: Pick<Env, 'DB'>, now: number): Promise<void> {
  for (const remove of [deleteAuthSessionsBefore, deleteExpiredEnrolments] satisfies Delete[]) {
    for (let i = 0; i < MAX_CHUNKS; i++) {
      if ((await remove(env, now - KEEP_MS, CHUNK)) < CHUNK) break;
    }
  }
}
