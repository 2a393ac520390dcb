import { opendir } from 'node:fs/promises';
import { errorCodeOf } from './scan/file-system.ts';

export type RootState = 'ok' | 'offline' | 'unreadable';

/** What a root looks like from outside, without walking it. Never rejects. */
export async function lookAt(path: string): Promise<{ state: RootState; empty: boolean }> {
  try {
    const folder = await opendir(path);
    try {
      return { state: 'ok', empty: (await folder.read()) === null };
    } finally {
      await folder.close();
    }
  } catch (error) {
    return { state: stateOf(error), empty: true };
  }
}

/** A folder that may not be read is there; any other failure is that of a disk which is not. */
export function stateOf(error: unknown): RootState {
  return ['EACCES', 'EPERM'].includes(errorCodeOf(error) ?? '') ? 'unreadable' : 'offline';
}

/** What the owner reads when a root cannot be scanned. */
export function sentenceOf(state: RootState, path: string): string {
  return state === 'unreadable'
    ? `The folder ${path} may not be read: let the user that runs the agent read it. Nothing was removed from the library.`
    : `The folder ${path} is not there: is its disk mounted? Nothing was removed from the library.`;
}
