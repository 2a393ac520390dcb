import type { ChangeLibrary } from '../../shared/api/libraries.ts';
import { HearthcastError } from '../../shared/errors.ts';
import { deriveStatements, newStamp } from '../db/derived-items.ts';
import { indexStatements } from '../db/item-indexes.ts';
import { listRoots } from '../db/libraries.ts';
import {
  endLibrary,
  type FolderKey,
  foldersNow,
  forgetEndedLibraries,
  insertLibrary,
  libraryNamed,
  moveFolders,
  nameOfLibrary,
  renameLibrary,
} from '../db/library-changes.ts';
import { advanceMove, filesOfMove, looseGoneStatement, openMoves, type RootMove } from '../db/root-moves.ts';
import { MAX_LIBRARIES } from '../db/roots.ts';
import type { Env } from '../env.ts';
import { publishEvent } from '../objects/event-publisher.ts';
import { removeRoot } from './agent-folders.ts';
import { itemsOf } from './sync-plan.ts';

/** Files of one transaction: readers wait as long as it takes. */
const FILES = 100;

/** Transactions of one call; the clock comes again. */
const PIECES = 40;

/** Makes a library and puts folders into it. Throws `conflict` for its name or for too many, `not-found` for a folder. */
export async function createLibrary(
  env: Env,
  name: string,
  folders: readonly FolderKey[],
  now: number,
): Promise<{ id: number; back: boolean }> {
  await assertShared(env, folders);
  const id = await insertLibrary(env, name, now);
  if (id === null) {
    const taken = (await libraryNamed(env, name)) !== null;
    const full = `There are ${MAX_LIBRARIES} libraries, the most there can be.`;
    throw new HearthcastError('conflict', taken ? `There is a library “${name}” already.` : full);
  }
  return { id, back: await take(env, id, folders) };
}

/**
 * Renames a library, and takes folders into it. Answers its name, and whether a folder came back that was in none: all
 * of it has to be claimed again. Throws `not-found`, and `conflict` for the name of another.
 */
export async function changeLibrary(
  env: Env,
  id: number,
  { name, folders }: ChangeLibrary,
): Promise<{ name: string; back: boolean }> {
  const before = await nameOfLibrary(env, id);
  if (before === null) throw new HearthcastError('not-found');
  await assertShared(env, folders);
  if (name !== undefined && name !== before) {
    const holder = await libraryNamed(env, name);
    if (holder !== null && holder !== id)
      throw new HearthcastError('conflict', `There is a library “${name}” already.`);
    await renameLibrary(env, id, name);
  }
  const back = await take(env, id, folders);
  await publishEvent(env, { topic: 'metadata.updated', libraryIds: [] }, { users: 'all' });
  return { name: name ?? before, back };
}

/**
 * Deletes a library, and answers what `finish` has to do afterwards, while nobody waits: its folders are shared no
 * more by the machines that are there, and its titles go. No file is touched; what people did with the titles stays,
 * and shows again with the folder in another library. Throws `not-found`.
 */
export async function deleteLibrary(
  env: Env,
  id: number,
  now: number,
): Promise<{ name: string; finish(): Promise<void> }> {
  const name = await nameOfLibrary(env, id);
  if (name === null) throw new HearthcastError('not-found');
  const roots = await listRoots(env, id);
  await endLibrary(env, id, now);
  await publishEvent(env, { topic: 'metadata.updated', libraryIds: [] }, { users: 'all' });
  return {
    name,
    async finish() {
      // Of a machine that is away, or whose own configuration names the folder, it stays as one in no library.
      await Promise.allSettled(roots.map(({ agent, id: root }) => removeRoot(env, agent.id, root)));
      await settleMoves(env, now);
    },
  };
}

/**
 * Brings the files of folders that changed their library to it: of a folder in none they are gone, and their titles
 * with them where no other folder has them. In pieces; cut off anywhere, the next call goes on. For the clock, too.
 */
export async function settleMoves(env: Env, now: number): Promise<void> {
  const moves = await openMoves(env.DB, PIECES);
  let left = PIECES;
  for (const move of moves) left = await settle(env, move, left, now);
  await forgetEndedLibraries(env);
  if (moves.length > 0) await publishEvent(env, { topic: 'metadata.updated', libraryIds: [] }, { users: 'all' });
}

async function settle({ DB }: Env, move: RootMove, pieces: number, now: number): Promise<number> {
  let left = pieces;
  for (let place = move; left > 0; left--) {
    const files = await filesOfMove(DB, place, FILES);
    const last = files.length < FILES ? null : (files.at(-1)?.pathHash ?? null);
    const touched = { keys: [], ids: [...new Set(files.flatMap(itemsOf))], stamp: newStamp(now), now };
    const ids = files.map((file) => file.id);
    await DB.batch([
      ...(files.length > 0
        ? [looseGoneStatement(DB, ids, now), ...deriveStatements(DB, touched), ...indexStatements(DB, touched)]
        : []),
      advanceMove(DB, place, last),
    ]);
    if (last === null) return left - 1;
    place = { ...place, afterHash: last };
  }
  return left;
}

async function take(env: Env, id: number, folders: readonly FolderKey[]): Promise<boolean> {
  if (folders.length === 0) return false;
  const now = await foldersNow(env, folders);
  await moveFolders(env, id, folders);
  return now.some(({ libraryId }) => libraryId === 0);
}

async function assertShared(env: Env, folders: readonly FolderKey[]): Promise<void> {
  const names = new Set(folders.map(({ agentId, rootId }) => `${agentId}/${rootId}`));
  if (names.size === 0) return;
  if (names.size < folders.length) throw new HearthcastError('bad-request', 'A folder is named twice.');
  if ((await foldersNow(env, folders)).length < names.size)
    throw new HearthcastError('not-found', 'No machine shares this folder.');
}
