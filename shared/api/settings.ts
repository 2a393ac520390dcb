import { z } from 'zod';
import { RescanMinutes } from '../protocol/scans.ts';
import { UpdateHours, UpdateMode } from '../protocol/updates.ts';
import { ViewingLimits } from './limits.ts';

/** How often a backup is made by itself. */
export const BACKUP_EVERY = ['never', 'day', 'week'] as const;

/**
 * What the owner decides for the whole deployment. Every setting has a default, so that a deployment in which nobody
 * has decided anything works.
 */
export const Settings = z.object({
  /** What people see at the door and in the title of the app. */
  serverName: z.string().trim().min(1).max(60).default('Hearthcast'),
  /** A word of the owner's where people sign in; empty is none. */
  doorMessage: z.string().trim().max(300).default(''),
  /** A device that is not used for so many days must sign in again. */
  signInDays: z.number().int().min(1).max(365).default(60),
  /** Whether televisions come in by a code that is typed elsewhere. */
  devicePairing: z.boolean().default(true),
  /** How far back the log of who did what goes. */
  auditDays: z.number().int().min(30).max(3650).default(180),
  /** What each person may take for whom nobody has set limits of their own. Null is no limit. */
  maxStreams: ViewingLimits.shape.maxStreams.default(null),
  maxRemoteKbps: ViewingLimits.shape.maxRemoteKbps.default(null),
  /** How often a library is looked at again that says nothing else, in minutes; null leaves it to each machine. */
  rescanMinutes: RescanMinutes.nullable().default(null),
  /** How machines come to newer agents whose own configuration does not say. */
  agentUpdates: UpdateMode.default('offered'),
  /** When they take them by themselves, by their own clocks; null is at any time. */
  agentUpdateHours: UpdateHours.nullable().default(null),
  backupEvery: z.enum(BACKUP_EVERY).default('day'),
  /** How many backups are kept; the oldest goes when there is one more. */
  backupKeep: z.number().int().min(1).max(60).default(7),
});
export type Settings = z.infer<typeof Settings>;

const { shape } = Settings;

/** Some of the settings; the others stay as they are. */
export const ChangeSettings = z.strictObject({
  serverName: shape.serverName.unwrap().optional(),
  doorMessage: shape.doorMessage.unwrap().optional(),
  signInDays: shape.signInDays.unwrap().optional(),
  devicePairing: shape.devicePairing.unwrap().optional(),
  auditDays: shape.auditDays.unwrap().optional(),
  maxStreams: shape.maxStreams.unwrap().optional(),
  maxRemoteKbps: shape.maxRemoteKbps.unwrap().optional(),
  rescanMinutes: shape.rescanMinutes.unwrap().optional(),
  agentUpdates: shape.agentUpdates.unwrap().optional(),
  agentUpdateHours: shape.agentUpdateHours.unwrap().optional(),
  backupEvery: shape.backupEvery.unwrap().optional(),
  backupKeep: shape.backupKeep.unwrap().optional(),
});
export type ChangeSettings = z.infer<typeof ChangeSettings>;
