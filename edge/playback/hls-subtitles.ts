import type { SubtitleTrack } from '../../shared/media/plan.ts';
import { SUBTITLE_WINDOW_S, windowCount } from '../../shared/media/subtitle-windows.ts';
import { boundariesOf, TIMESCALE, type Timeline } from '../../shared/media/timeline.ts';
import { languageTag, trackNames } from './track-names.ts';

export const SUBTITLE_GROUP = 'subtitles';

/** What Apple's players know captions for the deaf and hard of hearing by. */
const SDH = 'public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound';

/** The text tracks as one group of a master playlist; no lines where there are none. */
export function subtitleLines(tracks: readonly SubtitleTrack[]): string[] {
  const names = trackNames(tracks);
  // One of a group at most may be the default.
  const first = tracks.find((track) => track.default);
  return tracks.map((track, at) => {
    const language = languageTag(track.language);
    return `#EXT-X-MEDIA:${[
      'TYPE=SUBTITLES',
      `GROUP-ID="${SUBTITLE_GROUP}"`,
      `NAME="${names[at]}"`,
      ...(language ? [`LANGUAGE="${language}"`] : []),
      `DEFAULT=${track === first ? 'YES' : 'NO'}`,
      'AUTOSELECT=YES',
      `FORCED=${track.forced ? 'YES' : 'NO'}`,
      ...(track.sdh ? [`CHARACTERISTICS="${SDH}"`] : []),
      `URI="subtitles/${track.stream}/index.m3u8"`,
    ].join(',')}`;
  });
}

/** The playlist of any text track: windows of one length to the film's end, so no track need be read for it. */
export function subtitlePlaylist(timeline: Pick<Timeline, 'runs'>): string {
  const seconds = (boundariesOf(timeline).at(-1) ?? 0) / TIMESCALE;
  const windows = Array.from({ length: windowCount(seconds) }, (_, n) => {
    const length = Math.min(SUBTITLE_WINDOW_S, seconds - n * SUBTITLE_WINDOW_S);
    return [`#EXTINF:${length.toFixed(6)},`, `${n}.vtt`];
  });
  return `${[
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    `#EXT-X-TARGETDURATION:${SUBTITLE_WINDOW_S}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    ...windows.flat(),
    '#EXT-X-ENDLIST',
  ].join('\n')}\n`;
}
