import { z } from 'zod';

/** How often a backup is made by itself. */
export const BACKUP_EVERY = ['never', 'day', 'week'] as const;

/**
 * What the owner decides for the whole deployment. Every setting has a default, so that a deployment in which nobody
 * has decided anything works.
 */
export const Settings = z.object({
  /** What people see at the door and in the title of the app. */
  serverName: z.string().trim().min(1).max(60).default('Hearthcast'),
  backupEvery: z.enum(BACKUP_EVERY).default('day'),
  /** How many backups are kept; the oldest goes when there is one more. */
  backupKeep: z.number().int().min(1).max(60).default(7),
});
export type Settings = z.infer<typeof Settings>;

/** Some of the settings; the others stay as they are. */
export const ChangeSettings = z.strictObject({
  serverName: Settings.shape.serverName.unwrap().optional(),
  backupEvery: Settings.shape.backupEvery.unwrap().optional(),
  backupKeep: Settings.shape.backupKeep.unwrap().optional(),
});
export type ChangeSettings = z.infer<typeof ChangeSettings>;
