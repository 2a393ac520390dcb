import { z } from 'zod';
import { page } from './paging.ts';

/** What is written down of who did what, in one closed list. */
export const AUDIT_EVENTS = [
  'owner.made',
  'sign-in',
  'sign-in.failed',
  'sign-in.reused',
  'sign-out',
  'sign-out.everywhere',
  'password.changed',
  'password.reset-code',
  'password.reset',
  'user.made',
  'user.changed',
  'user.deleted',
  'invitation.made',
  'invitation.revoked',
  'invitation.used',
  'api-key.made',
  'api-key.ended',
  'signing-key.rotated',
  'profile.made',
  'profile.changed',
  'profile.deleted',
  'profile.opened',
  'profile.refused',
  'user.seen-as',
  'device.paired',
  'agent.code',
  'agent.enrolled',
  'agent.removed',
  'agent.folder-added',
  'agent.folder-removed',
  'agent.updated',
  'agent.drained',
  'library.made',
  'library.changed',
  'library.deleted',
  'title.changed',
  'title.merged',
  'title.split',
  'title.downloaded',
  'agent.direct',
  'settings.changed',
  'backup.made',
  'backup.taken',
  'backup.deleted',
  'backup.restored',
  'scan-hook.made',
  'scan-hook.revoked',
] as const;
export const AuditEvent = z.enum(AUDIT_EVENTS);
export type AuditEvent = z.infer<typeof AuditEvent>;

export const AuditEntry = z.object({
  id: z.string(),
  at: z.number().int(),
  event: AuditEvent,
  /** Who did it; null where it is nobody who was signed in. */
  actorId: z.string().nullable(),
  actor: z.string(),
  /** What it was done to, in words. */
  subject: z.string(),
  address: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;
export const AuditPage = page(AuditEntry);

const Filter = z.object({
  event: AuditEvent.optional(),
  userId: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});

/** Newest first. */
export const AuditQuery = Filter.extend({
  cursor: z.string().max(1000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(60),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const AuditExportQuery = Filter.extend({ format: z.enum(['csv', 'jsonl']).default('csv') });
