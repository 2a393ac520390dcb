import type { Settings } from '../../../shared/api/settings.ts';

type Options<K extends keyof Settings> = readonly (readonly [value: Settings[K], words: string])[];

export const SIGN_IN_DAYS: Options<'signInDays'> = [
  [1, 'One day'],
  [7, 'A week'],
  [30, 'A month'],
  [60, 'Two months'],
  [180, 'Half a year'],
  [365, 'A year'],
];

export const PAIRING: Options<'devicePairing'> = [
  [true, 'Yes'],
  [false, 'No, by name and password only'],
];

export const AUDIT_DAYS: Options<'auditDays'> = [
  [30, 'A month'],
  [90, 'Three months'],
  [180, 'Half a year'],
  [365, 'A year'],
  [730, 'Two years'],
];

export const STREAMS: Options<'maxStreams'> = [
  [null, 'Any number'],
  ...[1, 2, 3, 4, 6, 8].map((streams) => [streams, String(streams)] as const),
];

export const REMOTE_KBPS: Options<'maxRemoteKbps'> = [
  [null, 'As much as there is'],
  ...[2, 4, 8, 12, 20, 40].map((megabits) => [megabits * 1000, `${megabits} Mbit/s`] as const),
];

export const RESCAN_MINUTES: Options<'rescanMinutes'> = [
  [null, 'As each machine says'],
  [5, 'Every 5 minutes'],
  [15, 'Every 15 minutes'],
  [30, 'Every 30 minutes'],
  [60, 'Every hour'],
  [120, 'Every 2 hours'],
];

export const AGENT_UPDATES: Options<'agentUpdates'> = [
  ['offered', 'When somebody says so'],
  ['automatic', 'By themselves'],
  ['off', 'Not at all'],
];

export const UPDATE_HOURS: Options<'agentUpdateHours'> = [
  [null, 'At any time'],
  ['01:00-06:00', 'At night, 1 to 6'],
  ['02:00-05:00', 'At night, 2 to 5'],
  ['09:00-16:00', 'By day, 9 to 16'],
];

export const BACKUP_EVERY: Options<'backupEvery'> = [
  ['day', 'Every day'],
  ['week', 'Every week'],
  ['never', 'Only when I ask for one'],
];

export const BACKUP_KEEP: Options<'backupKeep'> = [3, 7, 14, 30, 60].map((n) => [n, `${n} backups`] as const);
