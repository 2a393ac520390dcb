/** One thing that the doctor has looked at. */
export interface Finding {
  about: string;
  verdict: 'ok' | 'warning' | 'failed';
  /** What was found. */
  said: string;
  /** What to do about it; null when nothing needs doing. */
  advice: string | null;
}

export const ok = (about: string, said: string): Finding => ({ about, verdict: 'ok', said, advice: null });

export function warning(about: string, said: string, advice: string): Finding {
  return { about, verdict: 'warning', said, advice };
}

export function failed(about: string, said: string, advice: string): Finding {
  return { about, verdict: 'failed', said, advice };
}
