import type { PlayAnswer } from '../../../shared/api/playback.ts';

/**
 * The text track to begin with. `remembered` is the language that was chosen last, `off`, or null when nothing was
 * ever chosen: then the file's own word counts.
 */
export function initialSubtitle(tracks: PlayAnswer['plan']['subtitles'], remembered: string | null): number | null {
  const first = (test: (track: (typeof tracks)[number]) => boolean) => {
    const index = tracks.findIndex(test);
    return index < 0 ? null : index;
  };
  if (remembered !== null && remembered !== '' && remembered !== 'off')
    return first((track) => track.language === remembered && !track.forced) ?? first((track) => track.forced);
  if (remembered === 'off') return first((track) => track.forced && track.default);
  return first((track) => track.default) ?? first((track) => track.forced);
}
