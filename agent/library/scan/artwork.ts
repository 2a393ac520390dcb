import type { Artwork, Work } from '../../../shared/protocol/sync.ts';
import { parseSeasonFolder } from '../names/episode-name.ts';
import { stemOf } from './file-kinds.ts';
import type { FoundFile } from './folder.ts';

/** Pictures of a folder and of the one above it: no film's artwork lies further away. */
export interface NearbyPictures {
  own: readonly FoundFile[];
  above: readonly FoundFile[];
}

const POSTER = ['poster', 'folder', 'cover', 'movie', 'default'];
const LOGO = ['clearlogo', 'logo'];
const BACKDROP = ['fanart', 'backdrop', 'background', 'art'];

export interface ArtworkSubject {
  work: Work;
  /** The film's file name without its extension, and the name of its folder (null in the root itself). */
  stem: string;
  folder: string | null;
  /** True when everything in the folder is this one work, so that "poster.jpg" is its poster. */
  ownFolder: boolean;
}

/** Which picture has which role for a film. Pure; the pictures are turned into ids by whoever reads them. */
export function artworkOf(
  subject: ArtworkSubject,
  pictures: NearbyPictures,
): Partial<Record<keyof Artwork, FoundFile>> {
  if (pictures.own.length === 0 && pictures.above.length === 0) return {};
  const { work, stem, folder, ownFolder } = subject;
  const own = byStem(pictures.own);
  const beside = (...suffixes: string[]) =>
    first(
      own,
      suffixes.map((suffix) => stem + suffix),
    );
  if (work.kind !== 'episode') {
    return defined({
      poster: beside('-poster', '-cover', '-folder', '') ?? (ownFolder ? first(own, POSTER) : undefined),
      backdrop: beside('-fanart', '-backdrop', '-background') ?? (ownFolder ? first(own, BACKDROP) : undefined),
      logo: beside('-clearlogo', '-logo') ?? (ownFolder ? first(own, LOGO) : undefined),
      thumb: beside('-thumb', '-landscape') ?? (ownFolder ? first(own, ['landscape', 'thumb']) : undefined),
    });
  }
  const inSeason = folder !== null && parseSeasonFolder(folder) !== null;
  const series = inSeason ? byStem(pictures.above) : folder === null ? new Map<string, FoundFile>() : own;
  const season = String(work.season).padStart(2, '0');
  const seasonNames = [`season${season}-poster`, `season${season}`, `season${work.season}-poster`];
  if (work.season === 0) seasonNames.push('season-specials-poster', 'season-specials');
  return defined({
    thumb: beside('-thumb', ''),
    seriesPoster: first(series, POSTER),
    seriesBackdrop: first(series, BACKDROP),
    seriesLogo: first(series, LOGO),
    seasonPoster: first(series, seasonNames) ?? (inSeason ? first(own, [...seasonNames, ...POSTER]) : undefined),
  });
}

function byStem(pictures: readonly FoundFile[]): Map<string, FoundFile> {
  return new Map(pictures.map((picture) => [stemOf(picture.name).toLowerCase(), picture]));
}

function first(pictures: Map<string, FoundFile>, names: readonly string[]): FoundFile | undefined {
  for (const name of names) {
    const found = pictures.get(name.toLowerCase());
    if (found) return found;
  }
  return undefined;
}

function defined<T extends object>(roles: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(roles).filter(([, file]) => file !== undefined)) as never;
}
