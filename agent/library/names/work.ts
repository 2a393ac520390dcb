import type { Work } from '../../../shared/protocol/sync.ts';
import { parseEpisode, parseSeasonFolder } from './episode-name.ts';
import { parseTitle, type TitleAndYear } from './movie-name.ts';
import { folded } from './release.ts';

export interface NameContext {
  /** Names of the folders from the root down to the file; empty for a file in the root itself. */
  folders: readonly string[];
  /** The file's name without its extension. */
  stem: string;
  /** Name of the root's folder and of the library it goes to: they tell films from home videos. */
  rootName: string;
  library: string;
  /** True when no other video lies in the file's folder. */
  alone: boolean;
}

const MOVIE_PLACE = /(?:^|[^\p{L}])(?:movies?|films?|filme|cinema|kino|spielfilme|pel[ií]culas|filmes)(?:$|[^\p{L}])/iu;
const SHOW_PLACE = /(?:^|[^\p{L}])(?:shows?|series|tv|serien|s[ée]ries|anime)(?:$|[^\p{L}])/iu;

/** What a file is, by its name and the folders above it. Pure; every name gives something. */
export function workOf(context: NameContext): Work {
  return limited(episodeOf(context) ?? movieOf(context));
}

function episodeOf({ folders, stem, rootName, alone }: NameContext): Work | null {
  const parent = folders.at(-1);
  const season = parent === undefined ? null : parseSeasonFolder(parent);
  let found = parseEpisode(stem, season?.season ?? null);
  // A release folder with one file whose own name says nothing.
  if (!found && alone && parent !== undefined && !season) found = parseEpisode(parent, null);
  if (!found) return null;
  const folder = season ? folders.at(-2) : parent;
  const above = folder === undefined || parseEpisode(folder, null) ? null : parseTitle(folder);
  const said = found.series ?? season?.series ?? null;
  const series = seriesOf(said, above, season !== null) ?? parseTitle(rootName);
  const year = series.year ?? said?.year ?? null;
  return {
    kind: 'episode',
    series: series.title,
    year,
    season: found.season,
    episode: found.episode,
    title: found.title,
  };
}

/**
 * The folder names a series most evenly over its files, so it wins where it means the same as the file's own
 * words, or where a season's folder lies in it; "Downloads/Show.S01E01" is named by the file.
 */
function seriesOf(said: TitleAndYear | null, above: TitleAndYear | null, inSeason: boolean): TitleAndYear | null {
  if (!said || !above) return above ?? said;
  const [a, b] = [folded(said.title), folded(above.title)];
  return inSeason || a.startsWith(b) || b.startsWith(a) ? above : said;
}

function movieOf({ folders, stem, rootName, library, alone }: NameContext): Work {
  const own = parseTitle(stem);
  const parent = folders.at(-1);
  const above = parent === undefined ? null : parseTitle(parent);
  if (above?.year && (own.year === above.year || (own.year === null && (alone || sameTitle(own, above))))) {
    return { kind: 'movie', ...above };
  }
  if (own.year) return { kind: 'movie', ...own };
  const places = [library, rootName, ...folders];
  const movie = places.some((name) => MOVIE_PLACE.test(name)) && !places.some((name) => SHOW_PLACE.test(name));
  if (movie && above && alone && generic(stem)) return { kind: 'movie', ...above };
  return { kind: movie ? 'movie' : 'video', ...own };
}

const sameTitle = (a: TitleAndYear, b: TitleAndYear) => folded(a.title).startsWith(folded(b.title));

/** Names that recorders and rippers give: the folder knows better. */
const generic = (stem: string) => /^(?:movie|film|video|main|feature|title[_ ]?\d*|t\d\d|\d{1,2}|\d{5})$/i.test(stem);

function limited(work: Work): Work {
  const cut = (text: string) => text.slice(0, 500);
  if (work.kind === 'episode') return { ...work, series: cut(work.series), title: work.title && cut(work.title) };
  return { ...work, title: cut(work.title) };
}
