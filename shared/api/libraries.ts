import { z } from 'zod';
import { page } from './paging.ts';

/** How far a root's scan has come, as viewers see it. */
export const ScanStatus = z.object({
  phase: z.enum(['idle', 'walking', 'probing', 'syncing', 'done', 'failed']),
  total: z.number().int().nonnegative().nullable(),
  done: z.number().int().nonnegative(),
  problems: z.number().int().nonnegative(),
  message: z.string().nullable(),
});
export type ScanStatus = z.infer<typeof ScanStatus>;

export const LibraryRoot = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['ok', 'offline', 'unreadable']),
  /**
   * How changes are seen: at once; only by the periodic look (a network share, or too many folders); or so because
   * watching failed. Null while the machine has not said.
   */
  watch: z.enum(['ok', 'polling', 'failed']).nullable(),
  agent: z.object({ id: z.string(), name: z.string(), online: z.boolean() }),
  site: z.object({ id: z.string(), name: z.string() }),
  scan: ScanStatus,
});
export type LibraryRoot = z.infer<typeof LibraryRoot>;

export const Library = z.object({
  id: z.string(),
  name: z.string(),
  /** Titles that the grid shows: movies, series and videos. Null where it is not known without counting many. */
  items: z.number().int().nonnegative().nullable(),
  /** There are more than `items`, of which a person sees a part only. */
  more: z.boolean().default(false),
  problems: z.number().int().nonnegative(),
  /** How often all is looked at again; null leaves it to each machine. */
  rescanMinutes: z.number().int().nullable(),
  roots: z.array(LibraryRoot),
});
export type Library = z.infer<typeof Library>;

/** `GET /api/v1/libraries`: never more than the 53 that restrictions can tell apart. */
export const Libraries = z.object({
  items: z.array(Library),
  /** For admins: folders that machines share and that are in no library, since theirs was deleted. */
  loose: z.array(LibraryRoot).default([]),
});
export type Libraries = z.infer<typeof Libraries>;

const LibraryName = z.string().trim().min(1).max(200);

/** Folders that machines share already, from whatever library they are in now. */
const Folders = z.array(z.object({ agentId: z.string().max(100), rootId: z.string().max(100) })).max(200);

/** `POST /api/v1/libraries`: folders may also come later, when a machine shares one in the library of this name. */
export const CreateLibrary = z.object({ name: LibraryName, folders: Folders.default([]) });

export const LibraryMade = z.object({ id: z.string() });

/** `PUT /api/v1/libraries/{id}`: what it is called, and folders that it takes beside those that it has. */
export const ChangeLibrary = z.object({ name: LibraryName.optional(), folders: Folders.default([]) });
export type ChangeLibrary = z.infer<typeof ChangeLibrary>;

/** `POST /api/v1/libraries/{id}/scan`: the machines that were told, and those that are offline. */
export const ScanStarted = z.object({ started: z.number().int(), offline: z.number().int() });

export const LibraryProblem = z.object({
  id: z.string(),
  root: z.string(),
  path: z.string(),
  code: z.string(),
  detail: z.string(),
});
export type LibraryProblem = z.infer<typeof LibraryProblem>;
export const LibraryProblems = page(LibraryProblem);
