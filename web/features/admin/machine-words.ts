import type { Agent } from '../../../shared/api/fleet.ts';
import { count } from '../../ui/format.ts';

/** Whom a machine serves: its own viewers, and those of machines that encode its films. */
export function viewersWords({ sessions, lendsNow }: Pick<Agent, 'sessions' | 'lendsNow'>): string {
  const lent = lendsNow.map((to) => `${count(to.sessions, 'session')} through ${to.machine}`);
  if (sessions === 0) return lent.length === 0 ? 'Nobody now' : `Lends its disks: ${lent.join(', ')}`;
  return [count(sessions, 'session'), ...lent.map((words) => `lends for ${words}`)].join(', ');
}

/** Sessions that have to go over before a machine can be stopped. */
export function sessionsLeft({ sessions, lendsNow }: Pick<Agent, 'sessions' | 'lendsNow'>): number {
  return lendsNow.reduce((sum, to) => sum + to.sessions, sessions);
}

const WORK: Readonly<Record<string, string>> = {
  previews: 'makes previews',
  subtitles: 'reads subtitles',
};

/** What a machine does while nobody needs it; null for nothing. */
export function backgroundWords(kinds: readonly string[]): string | null {
  if (kinds.length === 0) return null;
  const words = new Set(kinds.map((kind) => WORK[kind] ?? 'prepares films'));
  const all = new Intl.ListFormat('en', { type: 'conjunction' }).format(words);
  return `${all.charAt(0).toUpperCase()}${all.slice(1)}`;
}
