import { parseTitle, type TitleAndYear } from './movie-name.ts';
import { tidyTitle, trimmed } from './release.ts';

export interface EpisodeName {
  /** What stands before the numbers; null when they come first. */
  series: TitleAndYear | null;
  season: number;
  /** The first, where the file holds several. */
  episode: number;
  title: string | null;
}

/** Numbers in a file's stem that say which episode it is, the surest form first. */
const FORMS: readonly RegExp[] = [
  /(?<![a-z0-9])s(?<season>\d{1,4})[\s._-]*e(?<episode>\d{1,4})(?:(?:[\s._-]*e|-e?)\d{1,4}(?!\d|[pi]\b))*(?![a-z0-9])/i,
  /(?<![a-z0-9])(?<season>\d{1,2})x(?<episode>\d{2,3})(?:(?:-\d{1,2}x|-|x)\d{2,3})*(?![a-z0-9])/i,
  /(?<![a-z])season[\s._-]*(?<season>\d{1,3})[\s._,-]*(?:episode|ep)[\s._-]*(?<episode>\d{1,4})(?!\d)/i,
];

/** Without a season: it comes from the folder. */
const EPISODE_ONLY = /(?<![a-z0-9])(?:episode|ep|e)[\s._-]*(?<episode>\d{1,4})(?![a-z0-9])/i;
const LEADING_NUMBER = /^(?<episode>\d{1,3})(?:\s*[-–.]\s*|\s+)(?=\D)|^(?<only>\d{1,3})$/;
const BY_DATE = /(?<!\d)(?<year>(?:19|20)\d{2})[\s._-](?<month>0[1-9]|1[0-2])[\s._-](?<day>0[1-9]|[12]\d|3[01])(?!\d)/;
const FANSUB = /^\[[^\]]+\][\s_]*(?<series>.+?)[\s_]+-[\s_]+(?<episode>\d{1,4})(?:v\d)?(?=[\s_[(]|$)/;

/**
 * Reads an episode's numbers out of a file's stem; null when it has none. `season` is what the folder says,
 * null where the folder says nothing.
 */
export function parseEpisode(stem: string, season: number | null): EpisodeName | null {
  for (const form of FORMS) {
    const match = form.exec(stem);
    if (match) return around(stem, match, Number(match.groups?.season), Number(match.groups?.episode));
  }
  const fansub = FANSUB.exec(stem);
  if (fansub) {
    const series = parseTitle(fansub.groups?.series as string);
    return { series, season: season ?? 1, episode: Number(fansub.groups?.episode), title: null };
  }
  if (season === null) return byDate(stem);
  const only = EPISODE_ONLY.exec(stem);
  if (only) return around(stem, only, season, Number(only.groups?.episode));
  const leading = LEADING_NUMBER.exec(stem);
  if (leading) return around(stem, leading, season, Number(leading.groups?.episode ?? leading.groups?.only));
  return byDate(stem);
}

/** Daily programmes: the year is the season and the day its episode, so that they sort. */
function byDate(stem: string): EpisodeName | null {
  const match = BY_DATE.exec(stem);
  if (!match || match.index === 0) return null;
  const { year, month, day } = match.groups as { year: string; month: string; day: string };
  return around(stem, match, Number(year), Number(month) * 100 + Number(day));
}

function around(stem: string, match: RegExpExecArray, season: number, episode: number): EpisodeName {
  const before = trimmed(stem.slice(0, match.index).replace(/[._]+$/, ''));
  const after = stem.slice(match.index + match[0].length).replace(/^[\s._\-–:]+/, '');
  const title = after && !/^[[(]/.test(after) ? tidyTitle(tagless(after)) : '';
  return { series: before ? parseTitle(before) : null, season, episode, title: title.slice(0, 500) || null };
}

/** Behind the numbers a tag may come first, where a title never begins with one. */
function tagless(text: string): string {
  return /^(?:480|576|720|1080|2160)[pi]\b|^(?:web|hdtv|blu-?ray|dvdrip|x26[45]|h\.?26[45]|proper|repack|amzn|nf)\b/i.test(
    text,
  )
    ? ''
    : text;
}

const SEASON_WORD = '(?:season|staffel|saison|temporada|stagione|series|seizoen|säsong)';
const SEASON_FOLDER = new RegExp(`^${SEASON_WORD}[\\s._-]*(\\d{1,4})(?!\\d)`, 'i');
const SHORT_SEASON = /^s(\d{1,4})$/i;
const NUMBERED = new RegExp(`^(\\d{1,2})\\.?\\s*${SEASON_WORD}$`, 'i');
const SPECIALS = /^(?:specials?|season 0+|s00|extras? season)$/i;
const SEASON_PACK = new RegExp(
  `^(?<series>.+?)[\\s._-]+(?:s(?<short>\\d{1,2})|${SEASON_WORD}[\\s._-]*(?<long>\\d{1,2}))(?![a-z0-9])`,
  'i',
);

/** What a folder's name says of a season: "Season 01", "Specials", "Show.S01.1080p-GROUP". */
export function parseSeasonFolder(name: string): { season: number; series: TitleAndYear | null } | null {
  if (SPECIALS.test(name)) return { season: 0, series: null };
  const match = SEASON_FOLDER.exec(name) ?? SHORT_SEASON.exec(name) ?? NUMBERED.exec(name);
  if (match) return { season: Number(match[1]), series: null };
  const pack = SEASON_PACK.exec(name);
  if (!pack) return null;
  const { series, short, long } = pack.groups as { series: string; short?: string; long?: string };
  return { season: Number(short ?? long), series: parseTitle(series) };
}
