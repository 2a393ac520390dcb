import { createHash } from 'node:crypto';
import type { ExtraKind } from '../../../shared/protocol/sync.ts';
import { type Problem, unreadableFolder } from '../problems.ts';
import { errorCodeOf } from './file-system.ts';

export interface FoundFile {
  name: string;
  /** Below the root, with slashes. */
  path: string;
  size: number;
  mtimeMs: number;
}

export interface FoundVideo extends FoundFile {
  pathHash: string;
  /** Device and number of the content, where it has several names (hard links); null where it has one. */
  link: string | null;
}

/** Something that comes along with a film. */
export interface FoundExtra extends FoundVideo {
  kind: ExtraKind;
  /** What stands before the ending of its name; null where the folder says what it is. */
  before: string | null;
}

export interface FoundProblem extends Problem {
  path: string;
  pathHash: string;
}

/** Pictures and sidecar files that say something of more than one film. */
export interface Neighbours {
  pictures: FoundFile[];
  sidecars: FoundFile[];
}

/** A folder in which nothing has changed since it was last gone through to its end. */
export interface UnchangedFolder {
  state: 'unchanged';
  dir: string;
  /** How many films are in it. */
  videos: number;
}

export interface ChangedFolder extends Neighbours {
  state: 'changed';
  /** Below the root, with slashes; empty for the root itself. */
  dir: string;
  /** The folder's and its ancestors' names. */
  folders: string[];
  videos: FoundVideo[];
  /** What comes along with them, from the folder itself and from folders of extras in it. */
  extras: FoundExtra[];
  /** Whether folders of seasons lie in it. */
  hasSeasons: boolean;
  /** Names of the files that may be subtitles, in their order. */
  subtitles: string[];
  problems: FoundProblem[];
  /** What lies beside the folder. */
  above: Neighbours;
  /** Equal as long as nothing in the folder changes that a scan would look at. */
  signature: string;
}

/** It could not be listed: what was known below it stays. */
export interface UnreadableFolder {
  state: 'unreadable';
  dir: string;
  folders: string[];
  problem: FoundProblem;
}

export type Folder = UnchangedFolder | ChangedFolder | UnreadableFolder;

/** The first 128 bits of SHA-256 over a path below its root, in hex. */
export function pathHashOf(path: string | Buffer): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 32);
}

export function unreadable(folders: string[], error: unknown): UnreadableFolder {
  const dir = folders.join('/');
  const problem = { path: dir, pathHash: pathHashOf(dir), ...unreadableFolder(errorCodeOf(error)) };
  return { state: 'unreadable', dir, folders, problem };
}

export function oddName(dir: string, name: Buffer): FoundProblem {
  const bytes = dir ? Buffer.concat([Buffer.from(`${dir}/`), name]) : name;
  const detail = 'Its name is not valid UTF-8. Rename it, for example with convmv.';
  return { path: bytes.toString('utf8'), pathHash: pathHashOf(bytes), code: 'name-too-odd', detail };
}
