import type { FileMetadata, Surroundings } from '../index/rows.ts';
import { extraOf } from '../names/extra-name.ts';
import { stemOf } from './file-kinds.ts';
import type { FoundExtra } from './folder.ts';

/** A video of a folder and what was found out about it. */
export interface Owner {
  stem: string;
  surroundings: Pick<Surroundings, 'work' | 'metadata'>;
}

export interface FolderOwners {
  /** Of the folder's own videos, in their order. */
  owners: readonly Owner[];
  /** The series that a folder without videos is of. */
  series: Owner | null;
  /** True when everything in the folder is one work. */
  ownFolder: boolean;
}

/**
 * What an extra is told as: something of the film that its name begins with, else of the one that has the folder
 * to itself, else of the folder's series. Null where nothing tells, and beside home videos, which have no name that
 * another machine would know. Pure.
 */
export function extraSurroundings(extra: FoundExtra, { owners, series, ownFolder }: FolderOwners): Surroundings | null {
  const before = (extra.before ?? stemOf(extra.name)).toLowerCase();
  const named = extra.before
    ? owners
        .filter(({ stem }) => stem.toLowerCase().startsWith(before) || before.startsWith(stem.toLowerCase()))
        .sort((a, b) => b.stem.length - a.stem.length)[0]
    : undefined;
  const owner = named ?? (ownFolder ? owners[0] : undefined) ?? series;
  if (!owner || owner.surroundings.work.kind === 'video') return null;
  const { work, metadata } = owner.surroundings;
  const said = extraOf(extra.kind, extra.before ?? stemOf(extra.name), owner.stem);
  const about: FileMetadata = { ...metadata, extra: said };
  return { work, artwork: {}, subtitles: [], metadata: about };
}
