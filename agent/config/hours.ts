const MINUTES_A_DAY = 24 * 60;

/** A part of the day in minutes since midnight, local time; it may go over midnight. */
export interface Hours {
  from: number;
  to: number;
}

/** Reads `02:00-05:00`; null for anything else. */
export function parseHours(text: string): Hours | null {
  const match = /^(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)$/.exec(text.trim());
  if (!match) return null;
  const [fromH = 0, fromM = 0, toH = 0, toM = 0] = match.slice(1).map(Number);
  if (fromH > 23 || toH > 24 || fromM > 59 || toM > 59) return null;
  const [from, to] = [fromH * 60 + fromM, toH * 60 + toM];
  return to <= MINUTES_A_DAY && from !== to ? { from, to } : null;
}

/** Whether a moment is within these hours; without any, always. */
export function withinHours(hours: Hours | null, at: Date): boolean {
  if (!hours) return true;
  const minute = at.getHours() * 60 + at.getMinutes();
  return hours.from < hours.to ? minute >= hours.from && minute < hours.to : minute >= hours.from || minute < hours.to;
}
