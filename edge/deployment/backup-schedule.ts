import type { Settings } from '../../shared/api/settings.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** The cron comes every quarter of an hour: a little early is better than a quarter later every day. */
const EARLY_MS = 10 * 60_000;

/** Whether the schedule asks for a backup now. `lastAt` is when its last one began. */
export function isBackupDue(every: Settings['backupEvery'], lastAt: number | null, now: number): boolean {
  if (every === 'never') return false;
  const period = every === 'day' ? DAY_MS : 7 * DAY_MS;
  return lastAt === null || now - lastAt >= period - EARLY_MS;
}
