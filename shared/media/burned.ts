import type { DeviceProfile } from './device-profile.ts';
import type { AudioStream, MediaInfo, SubtitleStream } from './media-info.ts';

type Track = Pick<SubtitleStream, 'form' | 'codec'>;

/** Whether text is in ASS, which clients that draw it can have as it is. */
export function isAss({ codec }: Pick<Track, 'codec'>): boolean {
  return codec === 'ass' || codec === 'ssa';
}

/** Whether a client shows a track of text by itself. */
export function drawsText({ subtitles = ['text', 'ass'] }: Pick<DeviceProfile, 'subtitles'>, track: Track): boolean {
  return track.form === 'text' && (subtitles.includes('text') || (subtitles.includes('ass') && isAss(track)));
}

/** What can be done with each track for a client. */
export interface TrackUse {
  /** The client shows it by itself, as text. */
  drawn(track: Track): boolean;
  /** The machine paints it into the picture for this client. */
  painted(track: Track): boolean;
}

/** `paintsText`: whether the machine can do so with text; pictures it can paint wherever it encodes. */
export function trackUse(profile: Pick<DeviceProfile, 'subtitles'>, paintsText: boolean): TrackUse {
  const drawn = (track: Track) => drawsText(profile, track);
  return { drawn, painted: (track) => track.form === 'image' || (paintsText && !drawn(track)) };
}

/** What a viewer says about subtitles that the client does not draw. */
export interface BurnWish {
  /** Index of the track; null is none; absent leaves it to the film. */
  subtitleStream?: number | null | undefined;
  /** Language of the text that the viewer is going to show where the file has it. */
  subtitleLanguage?: string | undefined;
}

/**
 * The track that is painted into the film: pictures, or text for a client that draws none. Where the viewer says
 * nothing, the forced one in the language of the sound: what a film shows of a foreign tongue belongs to it, as forced
 * text does that players draw, which they choose themselves.
 */
export function burnedTrack(
  media: MediaInfo,
  audio: AudioStream | null,
  wish: BurnWish,
  { drawn, painted }: TrackUse,
): SubtitleStream | null {
  const { subtitleStream, subtitleLanguage } = wish;
  const tracks = media.subtitles;
  if (media.video.length === 0 || subtitleStream === null) return null;
  if (subtitleStream !== undefined) {
    return tracks.find((track) => painted(track) && track.index === subtitleStream) ?? null;
  }
  const shown = tracks.some((track) => drawn(track) && !track.forced && track.language === subtitleLanguage);
  if (!audio || (subtitleLanguage !== undefined && shown)) return null;
  const forced = tracks.filter((track) => track.forced && track.language === audio.language);
  return forced.some(drawn) ? null : (forced.find(painted) ?? null);
}
