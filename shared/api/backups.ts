import { z } from 'zod';

export const BackupId = z.string().regex(/^\d{1,15}$/);

/** A backup that this deployment keeps. */
export const Backup = z.object({
  id: BackupId,
  /** Milliseconds since 1970. */
  at: z.number().int(),
  madeBy: z.enum(['schedule', 'person']),
  state: z.enum(['running', 'done', 'failed']),
  /** Of the file; null while it is not done. */
  bytes: z.number().int().nullable(),
  records: z.number().int().nullable(),
  /** Why it failed, in words. */
  error: z.string().nullable(),
});
export type Backup = z.infer<typeof Backup>;
export const Backups = z.object({ items: z.array(Backup) });

/** How many rows of each kind came back. */
export const Restored = z.object({ records: z.record(z.string(), z.number().int()) });
export type Restored = z.infer<typeof Restored>;
