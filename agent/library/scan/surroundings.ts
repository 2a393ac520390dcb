import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Artwork, Work } from '../../../shared/protocol/sync.ts';
import type { LibraryIndex } from '../index/library-index.ts';
import type { Surroundings } from '../index/rows.ts';
import { externalSubtitles, subtitleNames } from '../names/subtitle-name.ts';
import { workOf } from '../names/work.ts';
import type { Root } from '../roots.ts';
import { artworkOf } from './artwork.ts';
import { stemOf } from './file-kinds.ts';
import type { Folder, FoundFile } from './walk.ts';

/** Larger pictures are no posters; reading them to name them would cost more than they are worth. */
const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

/** What names and neighbours say of each video of a folder, in the folder's order. */
export async function surroundingsOf(
  root: Root,
  folder: Folder,
  above: readonly FoundFile[],
  index: LibraryIndex,
): Promise<Surroundings[]> {
  const { videos, pictures, folders } = folder;
  const subtitles = subtitleNames(folder.names);
  const alone = videos.length === 1;
  const rootName = root.name;
  const works = videos.map(({ name }) =>
    workOf({ folders, stem: stemOf(name), rootName, library: root.library, alone }),
  );
  const ownFolder = folders.length > 0 && works.every((work) => titleOf(work) === titleOf(works[0] as Work));
  const all: Surroundings[] = [];
  for (const [i, video] of videos.entries()) {
    const work = works[i] as Work;
    const stem = stemOf(video.name);
    const roles = artworkOf({ work, stem, folder: folders.at(-1) ?? null, ownFolder }, { own: pictures, above });
    const artwork: Artwork = {};
    for (const [role, picture] of Object.entries(roles) as [keyof Artwork, FoundFile][]) {
      const id = await pictureId(root, picture, index);
      if (id) artwork[role] = id;
    }
    all.push({ work, artwork, subtitles: externalSubtitles(stem, subtitles) });
  }
  return all;
}

const titleOf = (work: Work) => (work.kind === 'episode' ? work.series : `${work.title}|${work.year}`);

/** Named by its content, which is read once for each version of the file. Null for what cannot be read. */
async function pictureId(root: Root, picture: FoundFile, index: LibraryIndex): Promise<string | null> {
  const { path, size, mtimeMs } = picture;
  if (size === 0 || size > MAX_PICTURE_BYTES) return null;
  const known = index.pictureId(root.id, path, size, mtimeMs);
  if (known) return known;
  try {
    const content = await readFile(join(root.path, path));
    const id = createHash('sha256').update(content).digest('hex').slice(0, 32);
    index.putPicture(root.id, path, size, mtimeMs, id);
    return id;
  } catch {
    // A picture that went away or may not be read is no picture; the film is there without it.
    return null;
  }
}
