import { hash } from 'node:crypto';
import type { Dirent, Stats } from 'node:fs';
import { join, sep } from 'node:path';
import { isSubtitleName } from '../names/subtitle-name.ts';
import {
  IGNORE_FILE,
  isHidden,
  isIgnoredFolder,
  isIgnoreMark,
  isPictureName,
  isSidecarName,
  isVideoName,
  isWorkName,
} from './file-kinds.ts';
import { errorCodeOf, type FileSystem, isMissing } from './file-system.ts';
import {
  type Folder,
  type FoundFile,
  type FoundProblem,
  type Neighbours,
  oddName,
  pathHashOf,
  unreadable,
} from './folder.ts';
import { type IgnoreRules, isLeftOut, MAX_IGNORE_BYTES, NO_RULES, withRules } from './ignore-rules.ts';

/** Deeper than this no person files anything: a loop that links did not show would end here. */
const MAX_DEPTH = 40;

export interface WalkOptions {
  path: string;
  /** Links may lead out of the root; by default what lies outside is not served. */
  followLinks: boolean;
  /** Signatures of the folders that were gone through to their end, by path below the root. */
  known: ReadonlyMap<string, string>;
  /** Goes into every signature: whatever else decides what a scan would say of the same files. */
  salt: string;
}

/** A file of the kinds that a scan looks at, and what the disk says of it. */
interface Measured extends FoundFile {
  stats: Stats;
}

interface Listing {
  videos: Measured[];
  neighbours: Neighbours;
  subtitles: string[];
  problems: FoundProblem[];
  children: string[][];
}

/** A folder's neighbours as its children see them. */
interface Level {
  neighbours: Neighbours;
  text: string;
  ignored: IgnoreRules;
}

const NOBODY: Level = { neighbours: { pictures: [], sidecars: [] }, text: '', ignored: NO_RULES };

/**
 * Goes through a root folder by folder, parents before children and in the order of their names, and blocks
 * while the disk works. Throws when the root itself cannot be listed; everything below it becomes a problem at
 * worst.
 */
export function* walk({ path: root, followLinks, known, salt }: WalkOptions, disk: FileSystem): Generator<Folder> {
  const top = disk.realpath(root);
  const rules: LinkRules = { disk, followLinks, inside: (real) => real === top || real.startsWith(withSeparator(top)) };
  const visited = new Set<string>();
  const levels: Level[] = [];
  const stack: string[][] = [[]];
  for (let folders = stack.pop(); folders; folders = stack.pop()) {
    const dir = folders.join('/');
    const at = join(root, ...folders);
    if (followLinks && !firstVisit(at, visited, disk)) continue;
    let entries: Dirent<Buffer>[];
    try {
      entries = disk.list(at);
    } catch (error) {
      if (folders.length === 0) throw error;
      if (!isMissing(error)) yield unreadable(folders, error);
      continue;
    }
    if (entries.some(({ name }) => isIgnoreMark(name.toString('latin1')))) continue;
    const above = levels[folders.length - 1] ?? NOBODY;
    const ignored = ignoredIn(entries, at, folders.length, above.ignored, disk);
    if (!ignored) continue;
    const listing = look(entries, at, folders, { ...rules, ignored });
    const level = { neighbours: listing.neighbours, text: textOf(listing.neighbours), ignored };
    levels[folders.length] = level;
    stack.push(...listing.children.sort((a, b) => ((a.at(-1) as string) < (b.at(-1) as string) ? 1 : -1)));
    const signature = signatureOf(listing, `${salt}\n${above.text}\n${level.text}`);
    if (known.get(dir) === signature) yield { state: 'unchanged', dir, videos: listing.videos.length };
    else {
      const { neighbours, subtitles, problems } = listing;
      const videos = listing.videos.map(({ stats, ...file }) => {
        return { ...file, pathHash: pathHashOf(file.path), link: linkOf(stats) };
      });
      const changed = { dir, folders, videos, subtitles, problems, above: above.neighbours, signature };
      yield { state: 'changed', ...changed, ...neighbours };
    }
  }
}

/** Null where the whole folder is left out: its `.ignore` says nothing, or may not be read. */
function ignoredIn(
  entries: readonly Dirent<Buffer>[],
  at: string,
  depth: number,
  above: IgnoreRules,
  disk: FileSystem,
): IgnoreRules | null {
  if (!entries.some(({ name }) => name.toString('latin1') === IGNORE_FILE)) return above;
  try {
    return withRules(above, depth, disk.text(join(at, IGNORE_FILE), MAX_IGNORE_BYTES));
  } catch {
    return null;
  }
}

const withSeparator = (path: string) => (path.endsWith(sep) ? path : path + sep);

function look(entries: readonly Dirent<Buffer>[], at: string, folders: string[], rules: LookRules): Listing {
  const dir = folders.join('/');
  const neighbours: Neighbours = { pictures: [], sidecars: [] };
  const listing: Listing = { videos: [], neighbours, subtitles: [], problems: [], children: [] };
  const names: string[] = [];
  for (const entry of entries) {
    const name = entry.name.toString('utf8');
    if (isHidden(name)) continue;
    if (name.includes('\ufffd') && !Buffer.from(name).equals(entry.name)) {
      if (entry.isDirectory() || isVideoName(name)) listing.problems.push(oddName(dir, entry.name));
      continue;
    }
    const kind = kindOf(entry, at, name, rules);
    if (kind && rules.ignored.length > 0 && isLeftOut(rules.ignored, folders, name, kind === 'folder')) continue;
    if (kind === 'file') names.push(name);
    if (kind === 'folder' && folders.length < MAX_DEPTH && !isIgnoredFolder(name, folders.length + 1)) {
      listing.children.push([...folders, name]);
    }
  }
  for (const name of names.sort()) {
    if (isWorkName(name)) measure(name, at, dir, rules.disk, listing.problems, listing.videos);
    else if (isPictureName(name)) measure(name, at, dir, rules.disk, null, neighbours.pictures);
    else if (isSidecarName(name)) measure(name, at, dir, rules.disk, null, neighbours.sidecars);
    else if (isSubtitleName(name)) listing.subtitles.push(name);
  }
  return listing;
}

function measure<T extends FoundFile>(
  name: string,
  at: string,
  dir: string,
  disk: FileSystem,
  problems: FoundProblem[] | null,
  into: (T | Measured)[],
): void {
  const path = dir ? `${dir}/${name}` : name;
  try {
    const stats = disk.stat(join(at, name));
    const file = { name, path, size: stats.size, mtimeMs: Math.floor(stats.mtimeMs) };
    into.push(problems ? { ...file, stats } : (file as T));
  } catch (error) {
    // Between listing and asking it went away: as if it had not been listed.
    if (isMissing(error) || !problems) return;
    const detail = `The system refuses it (${errorCodeOf(error)}).`;
    problems.push({ path, pathHash: pathHashOf(path), code: 'unreadable', detail });
  }
}

function textOf({ pictures, sidecars }: Neighbours): string {
  let text = '';
  for (const { name, size, mtimeMs } of pictures) text += `${name}\0${size}\0${mtimeMs}\n`;
  for (const { name, size, mtimeMs } of sidecars) text += `${name}\0${size}\0${mtimeMs}\n`;
  return text;
}

function signatureOf({ videos, subtitles, problems }: Listing, around: string): string {
  let text = around;
  for (const { name, size, mtimeMs } of videos) text += `${name}\0${size}\0${mtimeMs}\n`;
  for (const { path, code } of problems) text += `${path}\0${code}\n`;
  return hash('sha256', `${text}\n${subtitles.join('\n')}`, 'base64url').slice(0, 22);
}

/** Numbers that JavaScript cannot hold exactly are not trusted to name one content. */
function linkOf({ nlink, dev, ino, size, mtimeMs }: Stats): string | null {
  return nlink > 1 && ino > 0 && Number.isSafeInteger(ino) ? `${dev}:${ino}:${size}:${mtimeMs}` : null;
}

interface LookRules extends LinkRules {
  ignored: IgnoreRules;
}

interface LinkRules {
  disk: FileSystem;
  followLinks: boolean;
  inside: (real: string) => boolean;
}

/** Links to folders inside the root are passed over: their target is walked under its own name. */
function kindOf(entry: Dirent<Buffer>, at: string, name: string, rules: LinkRules): 'file' | 'folder' | null {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  const { disk, followLinks, inside } = rules;
  try {
    const real = disk.realpath(join(at, name));
    const contained = inside(real);
    if (!contained && !followLinks) return null;
    const target = disk.stat(real);
    if (target.isFile()) return 'file';
    return target.isDirectory() && !contained ? 'folder' : null;
  } catch {
    // A link to nothing, or to itself.
    return null;
  }
}

function firstVisit(path: string, visited: Set<string>, disk: FileSystem): boolean {
  let real = path;
  try {
    real = disk.realpath(path);
  } catch {
    // It is listed under its own name, which says what is wrong with it.
  }
  if (visited.has(real)) return false;
  visited.add(real);
  return true;
}
