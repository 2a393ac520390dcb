import type { MediaInfo } from '../../../shared/media/media-info.ts';

type Chapter = MediaInfo['chapters'][number];

/** A chapter with its place, which names its picture. Seconds of the film. */
export interface FilmChapter {
  index: number;
  start: number;
  title: string;
}

/** A film's chapters in order, with a name each; none where there is only one, which says nothing. */
export function filmChapters(chapters: readonly Chapter[], seconds: number): FilmChapter[] {
  const within = chapters
    .map(({ startMs, title }, index) => ({
      index,
      start: startMs / 1000,
      title: title?.trim() || `Chapter ${index + 1}`,
    }))
    .filter(({ start }) => seconds <= 0 || start < seconds)
    .sort((a, b) => a.start - b.start);
  return within.length > 1 ? within : [];
}

/** The chapter that a second of the film lies in. */
export function chapterAt(chapters: readonly FilmChapter[], seconds: number): FilmChapter | null {
  return chapters.findLast(({ start }) => start <= seconds) ?? null;
}
