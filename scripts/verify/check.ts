/** One thing that was looked at. */
export interface Check {
  name: string;
  result: 'ok' | 'warning' | 'failed' | 'skipped';
  /** What was measured; null where there is nothing to count. */
  figure: string | null;
  /** What it means for those who watch. */
  meaning: string;
  /** What to do about it; null when nothing needs doing. */
  advice: string | null;
}

export function ok(name: string, figure: string | null, meaning: string): Check {
  return { name, result: 'ok', figure, meaning, advice: null };
}

export function warning(name: string, figure: string | null, meaning: string, advice: string): Check {
  return { name, result: 'warning', figure, meaning, advice };
}

export function failed(name: string, figure: string | null, meaning: string, advice: string): Check {
  return { name, result: 'failed', figure, meaning, advice };
}

export function skipped(name: string, why: string): Check {
  return { name, result: 'skipped', figure: null, meaning: why, advice: null };
}

/** Milliseconds as a person reads them. */
export const spell = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

export const MIB = 1024 * 1024;
