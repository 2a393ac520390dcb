import { realpath } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { FolderPlace } from '../../shared/protocol/folders.ts';
import { AgentFailure } from '../link/handlers.ts';

/**
 * The real folder of a place: links are followed to their ends, and what ends outside of the allowed folder is
 * refused as if it were not there. Throws an AgentFailure.
 */
export async function folderOf({ allowed, below }: FolderPlace, allow: readonly string[]): Promise<string> {
  const top = allow[allowed];
  if (top === undefined) throw absent();
  try {
    const realTop = await realpath(top);
    const real = await realpath(join(realTop, ...below));
    if (!isWithin(real, realTop)) throw absent();
    return real;
  } catch (error) {
    if (error instanceof AgentFailure) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') throw new AgentFailure('content', 'forbidden', 'The agent’s user may not read this folder.');
    throw absent();
  }
}

/** Whether a real path is a real folder or below it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !/^([A-Za-z]:)?[\\/]/.test(way));
}

const absent = () => new AgentFailure('content', 'not-found', 'There is no such folder that may be chosen.');
