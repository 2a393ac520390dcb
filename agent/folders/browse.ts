import type { Dirent } from 'node:fs';
import { opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BrowseAnswer, type FolderPlace, MAX_FOLDERS } from '../../shared/protocol/folders.ts';
import { isVideoName } from '../library/scan/file-kinds.ts';
import { AgentFailure } from '../link/handlers.ts';
import { folderOf } from './places.ts';

/** Entries of one folder that are looked at; a folder with more shows what came first. */
const MAX_ENTRIES = 20_000;
const MAX_VIDEOS = 1000;

/** A folder that is shared already, by its path. */
export type SharedRoots = readonly { id: string; path: string }[];

/** What the machine's owner allowed: the places to begin at, by their paths. */
export function showAllowed(allow: readonly string[], roots: SharedRoots): BrowseAnswer {
  const folders = allow.map((path) => ({ name: path, root: rootAt(path, roots) }));
  return { folders, truncated: false, videos: 0, root: null };
}

/** The folders in a place. Throws an AgentFailure for what is not there, not allowed, or not readable. */
export async function browse(place: FolderPlace, allow: readonly string[], roots: SharedRoots): Promise<BrowseAnswer> {
  const path = await folderOf(place, allow);
  const names: string[] = [];
  let videos = 0;
  let truncated = false;
  try {
    let seen = 0;
    for await (const entry of await opendir(path)) {
      if (++seen > MAX_ENTRIES) {
        truncated = true;
        break;
      }
      if (entry.isFile() && isVideoName(entry.name)) videos = Math.min(MAX_VIDEOS, videos + 1);
      if (!entry.name.startsWith('.') && (await leadsToFolder(entry, place, allow))) names.push(entry.name);
    }
  } catch (error) {
    if (error instanceof AgentFailure) throw error;
    throw new AgentFailure('content', 'forbidden', 'The agent’s user may not read this folder.');
  }
  names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return {
    folders: names.slice(0, MAX_FOLDERS).map((name) => ({ name, root: rootAt(join(path, name), roots) })),
    truncated: truncated || names.length > MAX_FOLDERS,
    videos,
    root: rootAt(path, roots),
  };
}

/** A link counts where it ends: outside of what is allowed it is not shown. */
async function leadsToFolder(entry: Dirent, place: FolderPlace, allow: readonly string[]): Promise<boolean> {
  if (entry.isDirectory()) return true;
  if (!entry.isSymbolicLink()) return false;
  try {
    const end = await folderOf({ ...place, below: [...place.below, entry.name] }, allow);
    await (await opendir(end)).close();
    return true;
  } catch {
    return false;
  }
}

const rootAt = (path: string, roots: SharedRoots): string | null =>
  roots.find((root) => root.path === path)?.id ?? null;
