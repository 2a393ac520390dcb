import type { Dirent, Stats } from 'node:fs';
import { join } from 'node:path';
import { parseSeasonFolder } from '../names/episode-name.ts';
import { extraOfStem, extrasFolderKind } from '../names/extra-name.ts';
import { isSubtitleName } from '../names/subtitle-name.ts';
import {
  IGNORE_FILE,
  isHidden,
  isIgnoredFolder,
  isPictureName,
  isSidecarName,
  isVideoName,
  stemOf,
} from './file-kinds.ts';
import { errorCodeOf, type FileSystem, isMissing } from './file-system.ts';
import {
  type FoundExtra,
  type FoundFile,
  type FoundProblem,
  type Neighbours,
  oddName,
  pathHashOf,
  unreadable,
} from './folder.ts';
import { type IgnoreRules, isLeftOut } from './ignore-rules.ts';

/** Deeper than this no person files anything: a loop that links did not show would end here. */
const MAX_DEPTH = 40;

/** A file of the kinds that a scan looks at, and what the disk says of it. */
export interface Measured extends FoundFile {
  stats: Stats;
}

/** Something that comes along with a film. */
type MeasuredExtra = Measured & Pick<FoundExtra, 'kind' | 'before'>;

export interface Listing {
  videos: Measured[];
  extras: MeasuredExtra[];
  /** Whether folders of seasons lie in it. */
  hasSeasons: boolean;
  neighbours: Neighbours;
  subtitles: string[];
  problems: FoundProblem[];
  children: string[][];
}

export interface LookRules extends LinkRules {
  ignored: IgnoreRules;
}

export interface LinkRules {
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

/** What a scan looks at in a folder, and which folders it goes on to. */
export function look(entries: readonly Dirent<Buffer>[], at: string, folders: string[], rules: LookRules): Listing {
  const dir = folders.join('/');
  const neighbours: Neighbours = { pictures: [], sidecars: [] };
  const listing: Listing = {
    ...{ videos: [], extras: [], hasSeasons: false, neighbours, subtitles: [], problems: [], children: [] },
  };
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
    if (kind !== 'folder' || folders.length >= MAX_DEPTH || isIgnoredFolder(name)) continue;
    // At the top of a root such a name is a title ("Extras", "Shorts").
    const extras = folders.length > 0 ? extrasFolderKind(name) : undefined;
    if (extras) lookAtExtras(listing, at, [...folders, name], extras, rules);
    else if (extras === undefined) {
      listing.children.push([...folders, name]);
      listing.hasSeasons ||= parseSeasonFolder(name) !== null;
    }
  }
  for (const name of names.sort()) {
    if (isVideoName(name)) {
      const extra = extraOfStem(stemOf(name));
      const into: Measured[] = [];
      if (extra !== null) measure(name, at, dir, rules.disk, listing.problems, into);
      if (extra) listing.extras.push(...into.map((file) => ({ ...file, ...extra })));
      else listing.videos.push(...into);
    } else if (isPictureName(name)) measure(name, at, dir, rules.disk, null, neighbours.pictures);
    else if (isSidecarName(name)) measure(name, at, dir, rules.disk, null, neighbours.sidecars);
    else if (isSubtitleName(name)) listing.subtitles.push(name);
  }
  return listing;
}

/** One level of a folder of extras: they belong to the folder above, and none of them is a work of its own. */
function lookAtExtras(
  listing: Listing,
  above: string,
  folders: string[],
  kind: FoundExtra['kind'],
  rules: LookRules,
): void {
  const at = join(above, folders.at(-1) as string);
  const dir = folders.join('/');
  let entries: Dirent<Buffer>[];
  try {
    entries = rules.disk.list(at);
  } catch (error) {
    if (!isMissing(error)) listing.problems.push(unreadable(folders, error).problem);
    return;
  }
  const marked = (mark: string) => entries.some(({ name }) => name.toString('latin1') === mark);
  if (marked('.nomedia') || marked(IGNORE_FILE)) return;
  const names = entries.flatMap((entry) => {
    const name = entry.name.toString('utf8');
    if (isHidden(name) || name.includes('\ufffd') || !isVideoName(name)) return [];
    if (isLeftOut(rules.ignored, folders, name, false) || extraOfStem(stemOf(name)) === null) return [];
    return kindOf(entry, at, name, rules) === 'file' ? [name] : [];
  });
  for (const name of names.sort()) {
    const into: Measured[] = [];
    measure(name, at, dir, rules.disk, listing.problems, into);
    listing.extras.push(...into.map((file) => ({ ...file, kind, before: null })));
  }
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
