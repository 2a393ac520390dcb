import { join } from 'node:path';
import type { Artwork, Work } from '../../../shared/protocol/sync.ts';
import type { LibraryIndex } from '../index/library-index.ts';
import type { Surroundings } from '../index/rows.ts';
import { parseSeasonFolder } from '../names/episode-name.ts';
import { parseTitle } from '../names/movie-name.ts';
import { externalSubtitles } from '../names/subtitle-name.ts';
import { workOf } from '../names/work.ts';
import type { Reader } from '../reader/reader.ts';
import type { Root } from '../roots.ts';
import { knowledgeOf } from '../sidecar/knowledge.ts';
import type { SidecarDocument } from '../sidecar/nfo.ts';
import type { Sidecar } from '../sidecar/sidecar.ts';
import { soundSidecar } from '../sidecar/sound-metadata.ts';
import { artworkOf } from './artwork.ts';
import { extraSurroundings, type Owner } from './extras.ts';
import { stemOf } from './file-kinds.ts';
import { type ChangedFolder, type FoundFile, type FoundProblem, pathHashOf } from './folder.ts';
import { vobsubsIn } from './vobsubs.ts';

/** Larger pictures are no posters; reading them to name them would cost more than they are worth. */
const MAX_PICTURE_BYTES = 32 * 1024 * 1024;

export interface SurroundingsReader {
  root: Root;
  index: LibraryIndex;
  reader: Reader;
  /** What was wrong with a sidecar file. */
  onProblem(file: FoundFile, problem: FoundProblem): void;
}

/**
 * What names and neighbours say of each video of a folder and then of each extra, in the folder's order. Null for an
 * extra of nothing that is known.
 */
export async function* surroundingsOf(
  folder: ChangedFolder,
  context: SurroundingsReader,
): AsyncGenerator<Surroundings | null, void, void> {
  const { videos, folders } = folder;
  const { root } = context;
  const alone = videos.length === 1;
  const parent = folders.at(-1) ?? null;
  const works = videos.map(({ name }) =>
    workOf({ folders, stem: stemOf(name), rootName: root.name, library: root.library, alone }),
  );
  const ownFolder = folders.length > 0 && works.every((work) => titleOf(work) === titleOf(works[0] as Work));
  const inSeason = parent !== null && parseSeasonFolder(parent) !== null;
  const own = byName(folder.sidecars);
  const series = inSeason ? byName(folder.above.sidecars) : own;
  const shared = {
    movie: videos.length > 0 && ownFolder ? await documents(own.get('movie.nfo'), context) : [],
    series: videos.length > 0 ? await documents(series.get('tvshow.nfo'), context) : [],
    season: inSeason && videos.length > 0 ? await documents(own.get('season.nfo'), context) : [],
  };
  const vobsubs = await vobsubsIn(join(root.path, folder.dir), folder.subtitles);
  const owners: Owner[] = [];
  for (const [i, video] of videos.entries()) {
    const stem = stemOf(video.name);
    const beside = await documents(own.get(`${stem.toLowerCase()}.nfo`), context);
    const sidecars = { ...shared, own: beside.length > 0 ? beside : shared.movie };
    const names = { stem, folder: ownFolder ? parent : null, series: (inSeason ? folders.at(-2) : parent) ?? null };
    const { work, metadata } = knowledgeOf(works[i] as Work, sidecars, names);
    const artwork = await artworkIds({ work, stem, folder: parent, ownFolder }, folder, context);
    if (folder.extras.length > 0) owners.push({ stem, surroundings: { work, metadata } });
    yield { work, artwork, subtitles: externalSubtitles(stem, folder.subtitles, vobsubs), metadata };
  }
  if (folder.extras.length === 0) return;
  const owned = { owners, ownFolder, series: videos.length === 0 ? await seriesIn(folder, context) : null };
  for (const extra of folder.extras) {
    const stem = stemOf(extra.name);
    const itself = workOf({ folders, stem, rootName: root.name, library: root.library, alone: false });
    yield extraSurroundings(extra, owned) ?? homeVideo(itself, stem, folder);
  }
}

/** What lies among home videos is one itself, whatever its folder is called; else it is of nothing that is known. */
function homeVideo(work: Work, stem: string, folder: ChangedFolder): Surroundings | null {
  if (work.kind !== 'video') return null;
  return { work, artwork: {}, subtitles: externalSubtitles(stem, folder.subtitles), metadata: {} };
}

/** The series that a folder of seasons is of. */
async function seriesIn(folder: ChangedFolder, context: SurroundingsReader): Promise<Owner | null> {
  const name = folder.folders.at(-1);
  const documentsOfSeries = await documents(byName(folder.sidecars).get('tvshow.nfo'), context);
  if (name === undefined || !(folder.hasSeasons || documentsOfSeries.length > 0)) return null;
  const { title, year } = parseTitle(name);
  const named: Work = { kind: 'episode', series: title.slice(0, 500), year, season: 0, episode: 0, title: null };
  const sidecars = { own: [], series: documentsOfSeries, season: [] };
  return { stem: name, surroundings: knowledgeOf(named, sidecars, { stem: '', folder: null, series: name }) };
}

const byName = (files: readonly FoundFile[]) => new Map(files.map((file) => [file.name.toLowerCase(), file]));

async function artworkIds(
  subject: Parameters<typeof artworkOf>[0],
  folder: ChangedFolder,
  context: SurroundingsReader,
): Promise<Artwork> {
  const roles = artworkOf(subject, { own: folder.pictures, above: folder.above.pictures });
  const artwork: Artwork = {};
  for (const [role, picture] of Object.entries(roles) as [keyof Artwork, FoundFile][]) {
    const id = await pictureId(picture, context);
    if (id) artwork[role] = id;
  }
  return artwork;
}

const titleOf = (work: Work) => (work.kind === 'episode' ? work.series : `${work.title}|${work.year}`);

/** Named by its content, which is read once for each version of the file. Null for what cannot be read. */
async function pictureId(picture: FoundFile, { root, index, reader }: SurroundingsReader): Promise<string | null> {
  const { path, size, mtimeMs } = picture;
  if (size === 0 || size > MAX_PICTURE_BYTES) return null;
  const known = index.pictureId(root.id, path, size, mtimeMs);
  if (known) return known;
  try {
    const id = await reader.picture(join(root.path, path));
    index.putPicture(root.id, path, size, mtimeMs, id);
    return id;
  } catch {
    // A picture that went away or may not be read is no picture; the film is there without it.
    return null;
  }
}

/** What a sidecar file says, read once for each version of it. Nothing for what cannot be read. */
async function documents(file: FoundFile | undefined, context: SurroundingsReader): Promise<SidecarDocument[]> {
  if (!file) return [];
  const { root, index, reader, onProblem } = context;
  const { path, size, mtimeMs } = file;
  const known = index.sidecar(root.id, path, size, mtimeMs);
  let sidecar: Sidecar;
  if (known !== null) sidecar = JSON.parse(known) as Sidecar;
  else {
    try {
      sidecar = soundSidecar(await reader.sidecar(join(root.path, path)));
    } catch {
      // It went away, or may not be read: the film is there without it.
      return [];
    }
    index.putSidecar(root.id, path, size, mtimeMs, JSON.stringify(sidecar));
  }
  if (sidecar.problem !== null) {
    onProblem(file, { path, pathHash: pathHashOf(path), code: 'bad-sidecar', detail: sidecar.problem });
  }
  return sidecar.documents;
}
