import type { LibraryRoot } from '../../../shared/api/libraries.ts';
import type { ScanRun } from '../../../shared/api/scans.ts';
import { count, duration } from '../../ui/format.ts';

const TRIGGERS: Readonly<Record<ScanRun['trigger'], string>> = {
  start: 'The machine started',
  change: 'A change was seen',
  timer: 'It was time',
  hand: 'Asked for',
  webhook: 'Webhook',
};

export const STATE_WORDS: Readonly<Record<ScanRun['state'], string>> = {
  waiting: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  stopped: 'Stopped',
  interrupted: 'Interrupted',
};

/** `Asked for by Ann, full`, `Webhook “Sonarr”`, `It was time`. */
export function triggerWords({ trigger, askedBy, full }: Pick<ScanRun, 'trigger' | 'askedBy' | 'full'>): string {
  const by = askedBy === null ? '' : trigger === 'webhook' ? ` “${askedBy}”` : ` by ${askedBy}`;
  return `${TRIGGERS[trigger]}${by}${full ? ', full' : ''}`;
}

/** `1,204 files, 12 read, 3 removed, 60 missing`: what there is nothing of is left out. */
export function countWords({ total, done, read, removed, held, problems }: ScanRun): string {
  const n = (value: number, what: string) => (value > 0 ? [`${value.toLocaleString('en')} ${what}`] : []);
  const parts = [
    count(total ?? done, 'file'),
    ...n(read, 'read'),
    ...n(removed, 'removed'),
    ...n(held, 'missing'),
    ...n(problems, problems === 1 ? 'problem' : 'problems'),
  ];
  return parts.join(', ');
}

/** How long it took, or takes by now. */
export function runLength({ startedAt, endedAt }: Pick<ScanRun, 'startedAt' | 'endedAt'>, now: number): string {
  return duration(Math.max(0, (endedAt ?? now) - startedAt));
}

/** What an owner should know of how changes in a folder are seen; null where all is well. */
export function watchWords({ watch, state }: Pick<LibraryRoot, 'watch' | 'state'>): string | null {
  if (state === 'offline') return 'This folder is not there: is its disk mounted? Its titles are kept.';
  if (state === 'unreadable') return 'This folder may not be read: let the user that runs the agent read it.';
  if (watch === 'polling')
    return 'Not every change is seen at once here (a network share, or very many folders): the regular look finds the rest.';
  if (watch === 'failed') return 'Changes cannot be watched here: only the regular look finds them.';
  return null;
}
