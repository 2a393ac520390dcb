import { z } from 'zod';
import { RootId } from './names.ts';

/** Folders of one folder that are shown at most. */
export const MAX_FOLDERS = 500;

/** How deep one may look. */
export const MAX_DEPTH = 32;

/** The name of one folder, never a way to somewhere else. */
const FolderName = z
  .string()
  .min(1)
  .max(255)
  .refine((name) => name !== '.' && name !== '..' && !/[/\\\0]/.test(name));

/** A folder on a machine: the number of an allowed folder there, and the names from it down. */
export const FolderPlace = z.object({
  allowed: z.number().int().nonnegative().max(63),
  below: z.array(FolderName).max(MAX_DEPTH),
});
export type FolderPlace = z.infer<typeof FolderPlace>;

/** What is in a folder: names only, in order; files only as a number of those that look like films. */
export const BrowseAnswer = z.object({
  folders: z
    .array(
      z.object({
        name: z.string().max(4096),
        /** The root that it is, where it is shared already. */
        root: RootId.nullable(),
      }),
    )
    .max(MAX_FOLDERS),
  /** There are more folders than are shown. */
  truncated: z.boolean(),
  /** Video files directly in it, up to a thousand. */
  videos: z.number().int().nonnegative(),
  /** The root that this folder itself is. */
  root: RootId.nullable(),
});
export type BrowseAnswer = z.infer<typeof BrowseAnswer>;
