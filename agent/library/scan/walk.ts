import { hash } from 'node:crypto';
import type { Dirent, Stats } from 'node:fs';
import { join, sep } from 'node:path';
import { IGNORE_FILE, isIgnoreMark } from './file-kinds.ts';
import { type FileSystem, isMissing } from './file-system.ts';
import { type Folder, type Neighbours, pathHashOf, unreadable } from './folder.ts';
import { type IgnoreRules, MAX_IGNORE_BYTES, NO_RULES, withRules } from './ignore-rules.ts';
import { type LinkRules, type Listing, look, type Measured } from './listing.ts';

export interface WalkOptions {
  path: string;
  /** Links may lead out of the root; by default what lies outside is not served. */
  followLinks: boolean;
  /** Signatures of the folders that were gone through to their end, by path below the root. */
  known: ReadonlyMap<string, string>;
  /** Goes into every signature: whatever else decides what a scan would say of the same files. */
  salt: string;
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
    const count = listing.videos.length + listing.extras.length;
    if (known.get(dir) === signature) yield { state: 'unchanged', dir, videos: count };
    else {
      const { neighbours, subtitles, problems, hasSeasons } = listing;
      const [videos, extras] = [listing.videos.map(found), listing.extras.map(found)];
      const around = { above: above.neighbours, signature, hasSeasons };
      const changed = { dir, folders, videos, extras, subtitles, problems, ...around };
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

function found<T extends Measured>({ stats, ...file }: T) {
  return { ...file, pathHash: pathHashOf(file.path), link: linkOf(stats) };
}

const withSeparator = (path: string) => (path.endsWith(sep) ? path : path + sep);

function textOf({ pictures, sidecars }: Neighbours): string {
  let text = '';
  for (const { name, size, mtimeMs } of pictures) text += `${name}\0${size}\0${mtimeMs}\n`;
  for (const { name, size, mtimeMs } of sidecars) text += `${name}\0${size}\0${mtimeMs}\n`;
  return text;
}

function signatureOf({ videos, extras, subtitles, problems, hasSeasons }: Listing, around: string): string {
  let text = hasSeasons ? `${around}\nseasons` : around;
  for (const { path, size, mtimeMs } of extras) text += `${path}\0${size}\0${mtimeMs}\n`;
  for (const { name, size, mtimeMs } of videos) text += `${name}\0${size}\0${mtimeMs}\n`;
  for (const { path, code } of problems) text += `${path}\0${code}\n`;
  return hash('sha256', `${text}\n${subtitles.join('\n')}`, 'base64url').slice(0, 22);
}

/** Numbers that JavaScript cannot hold exactly are not trusted to name one content. */
function linkOf({ nlink, dev, ino, size, mtimeMs }: Stats): string | null {
  return nlink > 1 && ino > 0 && Number.isSafeInteger(ino) ? `${dev}:${ino}:${size}:${mtimeMs}` : null;
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
