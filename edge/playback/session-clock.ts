import type { SessionRecord } from './session-record.ts';

/** Positions reach the database at most this often. */
export const SAVE_EVERY_MS = 15_000;

/** An ended session is remembered this long, so that late calls find it ended rather than unknown. */
const KEEP_ENDED_MS = 10 * 60_000;

/** Opening and moving take seconds; older, they were left behind by an object that died. */
const WORK_LIMIT_MS = 60_000;

/** Players wait two minutes for a machine that is away; a little more, so that their last try still finds the session. */
export const LOST_LIMIT_MS = 150_000;

/** A paused viewer keeps the session this long, with no encoder and no slot. */
export const RESTING_LIMIT_MS = 30 * 60_000;

type Timed = Pick<SessionRecord, 'state' | 'stateSince' | 'expiresAt' | 'unsaved' | 'savedAt'>;

/** When the session's object must look at itself again, in milliseconds since 1970. */
export function alarmOf(record: Timed): number {
  const due = [deadlineOf(record)];
  if (record.unsaved) due.push(record.savedAt + SAVE_EVERY_MS);
  return Math.min(...due);
}

/** Whether a session has been in its state for longer than that may last. */
export function hasOutlived(record: Timed, now: number): boolean {
  return now >= deadlineOf(record);
}

function deadlineOf(record: Timed): number {
  switch (record.state) {
    case 'opening':
    case 'moving':
      return Math.min(record.stateSince + WORK_LIMIT_MS, record.expiresAt);
    case 'lost':
      return Math.min(record.stateSince + LOST_LIMIT_MS, record.expiresAt);
    case 'resting':
      return Math.min(record.stateSince + RESTING_LIMIT_MS, record.expiresAt);
    case 'playing':
      return record.expiresAt;
    case 'ended':
      return record.stateSince + KEEP_ENDED_MS;
    default: {
      const never: never = record.state;
      return never;
    }
  }
}
