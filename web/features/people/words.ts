import type { AuditEvent } from '../../../shared/api/audit.ts';
import type { Role } from '../../../shared/api/auth.ts';
import { count } from '../../ui/format.ts';

export const ROLE_WORDS: Readonly<Record<Role, { label: string; hint: string }>> = {
  owner: { label: 'Owner', hint: 'May do everything' },
  admin: { label: 'Admin', hint: 'Looks after machines, libraries and people' },
  member: { label: 'Member', hint: 'Watches, and looks after their own account' },
  child: { label: 'Child', hint: 'Watches what you choose' },
};

export const EVENT_WORDS: Readonly<Record<AuditEvent, string>> = {
  'owner.made': 'Owner made',
  'sign-in': 'Signed in',
  'sign-in.failed': 'Sign-in failed',
  'sign-in.reused': 'Stolen sign-in ended',
  'sign-out': 'Signed out',
  'sign-out.everywhere': 'Signed out everywhere',
  'password.changed': 'Password changed',
  'password.reset-code': 'Reset code made',
  'password.reset': 'Password reset',
  'user.made': 'Account made',
  'user.changed': 'Account changed',
  'user.deleted': 'Account deleted',
  'invitation.made': 'Invitation made',
  'invitation.revoked': 'Invitation revoked',
  'invitation.used': 'Invitation used',
  'api-key.made': 'API key made',
  'api-key.ended': 'API key ended',
  'signing-key.rotated': 'Signing key rotated',
  'profile.made': 'Profile made',
  'profile.changed': 'Profile changed',
  'profile.deleted': 'Profile deleted',
  'profile.opened': 'Profile opened',
  'profile.refused': 'Profile not opened',
  'user.seen-as': 'Saw as somebody else',
  'device.paired': 'Device let in',
  'agent.code': 'Machine code made',
  'agent.enrolled': 'Machine joined',
  'agent.removed': 'Machine removed',
  'agent.folder-added': 'Folder shared',
  'agent.folder-removed': 'Folder no longer shared',
  'agent.updated': 'Machine updated',
  'agent.drained': 'Machine emptied',
  'library.made': 'Library made',
  'library.changed': 'Library changed',
  'library.deleted': 'Library deleted',
  'title.changed': 'Title changed',
  'title.merged': 'Titles merged',
  'title.split': 'Titles taken apart',
  'title.downloaded': 'Title downloaded',
  'agent.direct': 'Direct way of a machine',
  'settings.changed': 'Settings changed',
  'backup.made': 'Backup made',
  'backup.taken': 'Backup downloaded',
  'backup.deleted': 'Backup deleted',
  'backup.restored': 'Backup restored',
  'scan-hook.made': 'Webhook made',
  'scan-hook.revoked': 'Webhook revoked',
};

/** What of it looks like trouble. */
export const ALARMING: ReadonlySet<AuditEvent> = new Set([
  'sign-in.failed',
  'sign-in.reused',
  'profile.refused',
  'user.deleted',
  'library.deleted',
]);

/** `All libraries`, `Films, Series`, `No library`, `3 libraries`. */
export function libraryWords(ids: readonly string[] | null, names: ReadonlyMap<string, string>): string {
  if (ids === null) return 'All libraries';
  if (ids.length === 0) return 'No library';
  const known = ids.map((id) => names.get(id)).filter((name) => name !== undefined);
  return known.length === ids.length && known.length <= 2
    ? known.join(', ')
    : count(ids.length, 'library', 'libraries');
}

/** A time that is to come: `in 3 days`. */
export function until(at: number, now: number): string {
  const hours = Math.round((at - now) / 3_600_000);
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  return Math.abs(hours) < 48 ? relative.format(hours, 'hour') : relative.format(Math.round(hours / 24), 'day');
}

/** What an entry is about, without the ids of machines, which its file keeps: `attic (agt_…) at Home` is `attic at Home`. */
export const subjectWords = (subject: string): string => subject.replace(/ \(agt_[\w-]+\)/, '');
