import { createHash } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { type Problem, unreadableFolder } from '../problems.ts';
import { isHidden, isIgnoredFolder, isPictureName, isVideoName, isWorkName } from './file-kinds.ts';
import { errorCodeOf, type FileSystem, isMissing } from './file-system.ts';

/** Deeper than this no person files anything: a loop that links did not show would end here. */
const MAX_DEPTH = 40;

/** How many files are asked for their size and time at once. */
const STAT_CONCURRENCY = 16;

export interface FoundFile {
  name: string;
  /** Below the root, with slashes. */
  path: string;
  pathHash: string;
  size: number;
  mtimeMs: number;
}

interface FoundProblem extends Problem {
  path: string;
  pathHash: string;
}

export interface Folder {
  /** Below the root, with slashes; empty for the root itself. */
  dir: string;
  /** The folder's and its ancestors' names. */
  folders: string[];
  videos: FoundFile[];
  pictures: FoundFile[];
  /** Names of all files that are text. */
  names: string[];
  problems: FoundProblem[];
  /** It could not be listed: what was known below it stays. */
  unreadable: boolean;
}

export interface WalkOptions {
  path: string;
  /** Links may lead out of the root; by default what lies outside is not served. */
  followLinks: boolean;
  disk: FileSystem;
  signal: AbortSignal;
}

/** The first 128 bits of SHA-256 over a path below its root, in hex. */
export function pathHashOf(path: string | Buffer): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 32);
}

/**
 * Goes through a root folder by folder, parents before children and in the order of their names. Rejects when
 * the root itself cannot be listed, or the signal aborts; everything below it becomes a problem at worst.
 */
export async function* walk({ path: root, followLinks, disk, signal }: WalkOptions): AsyncGenerator<Folder> {
  const top = await disk.realpath(root);
  const inside = (real: string) => real === top || real.startsWith(top.endsWith(sep) ? top : top + sep);
  const visited = new Set<string>();
  const stack: string[][] = [[]];
  for (let folders = stack.pop(); folders; folders = stack.pop()) {
    signal.throwIfAborted();
    const dir = folders.join('/');
    const at = join(root, ...folders);
    if (followLinks && !(await firstVisit(at, visited, disk))) continue;
    let entries: Dirent<Buffer>[];
    try {
      entries = await disk.list(at);
    } catch (error) {
      if (folders.length === 0) throw error;
      if (!isMissing(error)) yield unreadable(folders, error);
      continue;
    }
    if (entries.some((entry) => entry.name.toString('latin1') === '.ignore')) continue;
    const folder: Folder = { dir, folders, videos: [], pictures: [], names: [], problems: [], unreadable: false };
    const children: string[][] = [];
    const files: string[] = [];
    for (const entry of entries) {
      const name = entry.name.toString('utf8');
      if (isHidden(name)) continue;
      if (!Buffer.from(name).equals(entry.name)) {
        if (entry.isDirectory() || isVideoName(name)) folder.problems.push(oddName(dir, entry.name));
        continue;
      }
      const kind = await kindOf(entry, join(at, name), { disk, followLinks, inside });
      if (kind === 'file') files.push(name);
      if (kind === 'folder' && folders.length < MAX_DEPTH && !isIgnoredFolder(name, folders.length + 1)) {
        children.push([...folders, name]);
      }
    }
    folder.names = files;
    await measure(folder, at, files.sort(), disk);
    stack.push(...children.sort((a, b) => ((a.at(-1) as string) < (b.at(-1) as string) ? 1 : -1)));
    yield folder;
    await yieldToLoop();
  }
}

interface LinkRules {
  disk: FileSystem;
  followLinks: boolean;
  inside: (real: string) => boolean;
}

/** Links to folders inside the root are passed over: their target is walked under its own name. */
async function kindOf(entry: Dirent<Buffer>, path: string, rules: LinkRules): Promise<'file' | 'folder' | null> {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  const { disk, followLinks, inside } = rules;
  try {
    const real = await disk.realpath(path);
    const contained = inside(real);
    if (!contained && !followLinks) return null;
    const target = await disk.stat(real);
    if (target.isFile()) return 'file';
    return target.isDirectory() && !contained ? 'folder' : null;
  } catch {
    // A link to nothing, or to itself.
    return null;
  }
}

async function firstVisit(path: string, visited: Set<string>, disk: FileSystem): Promise<boolean> {
  const real = await disk.realpath(path).catch(() => path);
  if (visited.has(real)) return false;
  visited.add(real);
  return true;
}

async function measure(folder: Folder, at: string, names: readonly string[], disk: FileSystem): Promise<void> {
  const wanted = names.filter((name) => isWorkName(name) || isPictureName(name));
  const found: (FoundFile | null)[] = new Array(wanted.length).fill(null);
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < wanted.length; i = next++) {
      const name = wanted[i] as string;
      const path = folder.dir ? `${folder.dir}/${name}` : name;
      const pathHash = pathHashOf(path);
      try {
        const { size, mtimeMs } = await disk.stat(join(at, name));
        found[i] = { name, path, pathHash, size, mtimeMs: Math.floor(mtimeMs) };
      } catch (error) {
        // Between listing and asking it went away: as if it had not been listed.
        if (isMissing(error) || isPictureName(name)) continue;
        folder.problems.push({
          path,
          pathHash,
          code: 'unreadable',
          detail: `The system refuses it (${errorCodeOf(error)}).`,
        });
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(STAT_CONCURRENCY, wanted.length) }, worker));
  for (const file of found) if (file) (isPictureName(file.name) ? folder.pictures : folder.videos).push(file);
}

function unreadable(folders: string[], error: unknown): Folder {
  const path = folders.join('/');
  const problem = { path, pathHash: pathHashOf(path), ...unreadableFolder(errorCodeOf(error)) };
  return { dir: path, folders, videos: [], pictures: [], names: [], problems: [problem], unreadable: true };
}

function oddName(dir: string, name: Buffer): FoundProblem {
  const bytes = dir ? Buffer.concat([Buffer.from(`${dir}/`), name]) : name;
  const detail = 'Its name is not valid UTF-8. Rename it, for example with convmv.';
  return { path: bytes.toString('utf8'), pathHash: pathHashOf(bytes), code: 'name-too-odd', detail };
}
