import { count } from '../../ui/format.ts';

/** How far a machine is that is being emptied, by the sessions that it still has. */
export function drainWords(sessions: number): string {
  return sessions === 0 ? 'Drained: it can be stopped' : `Draining, ${count(sessions, 'session')} left`;
}
