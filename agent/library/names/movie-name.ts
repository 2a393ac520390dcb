import { spaced, tidyTitle, titleLength, trimmed, withoutBrackets } from './release.ts';

export interface TitleAndYear {
  title: string;
  year: number | null;
}

const FIRST_FILM_YEAR = 1888;

/** Reads "Title (2010) …", "Title.2010.1080p…" or a bare title out of a file's stem or a folder's name. */
export function parseTitle(name: string, now = new Date()): TitleAndYear {
  const lastYear = now.getUTCFullYear() + 2;
  const plausible = (text: string) => Number(text) >= FIRST_FILM_YEAR && Number(text) <= lastYear;
  const plain = withoutBrackets(yearBracketsRounded(name));
  for (const match of [...plain.matchAll(/\((\d{4})(?:[-–]\d{0,4})?\)/g)].reverse()) {
    const title = trimmed(spaced(plain.slice(0, match.index)));
    if (plausible(match[1] as string) && title) return { title, year: Number(match[1]) };
  }
  const words = spaced(plain).split(' ').filter(Boolean);
  const length = titleLength(words);
  // The last year before the tags is the film's; an earlier one belongs to the title ("Blade Runner 2049 2017").
  for (let i = length - 1; i > 0; i--) {
    const word = words[i] as string;
    if (/^\d{4}$/.test(word) && plausible(word) && endsTitle(words, i, length)) {
      const title = trimmed(words.slice(0, i).join(' '));
      if (title) return { title, year: Number(word) };
    }
  }
  return { title: tidyTitle(plain) || trimmed(name) || name, year: null };
}

/** A bare year counts when tags or nothing follow it: "Summer 1993 in Rome" is all title. */
function endsTitle(words: readonly string[], i: number, length: number): boolean {
  return i === length - 1 || titleLength(words.slice(i + 1), true) === 0 || /^[-–]$/.test(words[i + 1] ?? '');
}

/** "[2010]" is a year, every other bracket a remark. */
const yearBracketsRounded = (name: string) => name.replace(/\[(\d{4})\]/g, '($1)');
