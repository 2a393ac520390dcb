import { z } from 'zod';
import { RescanMinutes, ScanTrigger } from '../protocol/scans.ts';
import { PageQuery, page } from './paging.ts';

export const ScanState = z.enum(['waiting', 'running', 'done', 'failed', 'stopped', 'interrupted']);

/** One scan of one folder. Times are in ms since 1970. */
export const ScanRun = z.object({
  id: z.string(),
  library: z.object({ id: z.string(), name: z.string() }).nullable(),
  root: z.object({ id: z.string(), name: z.string() }),
  agent: z.object({ id: z.string(), name: z.string() }),
  trigger: ScanTrigger,
  full: z.boolean(),
  /** The person or the webhook that asked for it. */
  askedBy: z.string().nullable(),
  state: ScanState,
  startedAt: z.number().int(),
  /** Null while it waits or runs. */
  endedAt: z.number().int().nullable(),
  total: z.number().int().nullable(),
  done: z.number().int(),
  /** Files whose content was read, that were removed, and that are missing and kept for a day. */
  read: z.number().int(),
  removed: z.number().int(),
  held: z.number().int(),
  problems: z.number().int(),
  /** What went wrong, or what a person should know. */
  message: z.string().nullable(),
});
export type ScanRun = z.infer<typeof ScanRun>;
export const ScanRuns = page(ScanRun);

/** `GET /api/v1/scan-runs`, newest first. */
export const ScanRunsQuery = PageQuery.extend({
  library: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});
export type ScanRunsQuery = z.infer<typeof ScanRunsQuery>;

/** `POST /api/v1/libraries/{id}/scan`: full looks into every folder and compares all that the catalog holds. */
export const StartScan = z.object({ full: z.boolean().default(false) });

/** The machines that were told to stop, and those that are offline or too old for it. */
export const ScanStopped = z.object({ stopped: z.number().int(), offline: z.number().int() });

/** `PUT /api/v1/libraries/{id}/settings`. */
export const LibrarySettings = z.object({
  /** How often all is looked at again, in minutes; null leaves it to each machine (60 unless it says otherwise). */
  rescanMinutes: RescanMinutes.nullable(),
});
export type LibrarySettings = z.infer<typeof LibrarySettings>;

/** An address at which another program asks for a scan. */
export const ScanHook = z.object({
  id: z.string(),
  name: z.string(),
  /** Null is every library. */
  library: z.object({ id: z.string(), name: z.string() }).nullable(),
  createdAt: z.number().int(),
  lastUsedAt: z.number().int().nullable(),
});
export type ScanHook = z.infer<typeof ScanHook>;
export const ScanHooks = z.object({ items: z.array(ScanHook) });

export const CreateScanHook = z.object({
  name: z.string().trim().min(1).max(100),
  libraryId: z
    .string()
    .regex(/^\d{1,15}$/)
    .nullable()
    .default(null),
});
export type CreateScanHook = z.infer<typeof CreateScanHook>;

/** The address itself, below the origin, is shown here and never again. */
export const CreatedScanHook = ScanHook.extend({ path: z.string() });
export type CreatedScanHook = z.infer<typeof CreatedScanHook>;
