import type { AudioStream, MediaInfo, SubtitleStream } from './media-info.ts';

/** What a viewer says about subtitles that are pictures. */
export interface BurnWish {
  /** Index of the track; null is none; absent leaves it to the film. */
  subtitleStream?: number | null | undefined;
  /** Language of the text that the viewer is going to show where the file has it. */
  subtitleLanguage?: string | undefined;
}

/**
 * The track of pictures that is painted into the film. Where the viewer says nothing, the forced one in the language of
 * the sound: what a film shows of a foreign tongue belongs to it, as forced text does, which players choose themselves.
 */
export function burnedTrack(media: MediaInfo, audio: AudioStream | null, wish: BurnWish): SubtitleStream | null {
  const { subtitleStream, subtitleLanguage } = wish;
  const tracks = media.subtitles;
  if (media.video.length === 0 || subtitleStream === null) return null;
  if (subtitleStream !== undefined) {
    return tracks.find(({ form, index }) => form === 'image' && index === subtitleStream) ?? null;
  }
  const shown = tracks.some(
    ({ form, forced, language }) => form === 'text' && !forced && language === subtitleLanguage,
  );
  if (!audio || (subtitleLanguage !== undefined && shown)) return null;
  const forced = tracks.filter((track) => track.forced && track.language === audio.language);
  return forced.some(({ form }) => form === 'text') ? null : (forced[0] ?? null);
}
