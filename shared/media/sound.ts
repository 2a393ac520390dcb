import { audioCodecString } from './codecs.ts';
import type { Delivery } from './device-profile.ts';
import type { AudioStream, MediaInfo } from './media-info.ts';
import type { AudioRendition } from './plan.ts';
import { audioObstacles } from './support.ts';

/** Sound tracks in one plan: a file may hold 64, a player's menu not. */
const MAX_AUDIO_RENDITIONS = 16;

/** Codecs that ffmpeg's MP4 fragments carry as they are; Vorbis is not among them. */
const COPYABLE = ['aac', 'mp3', 'opus', 'flac', 'ac3', 'eac3'] as const;

/** Every transcode is on this grid, so that segments of any agent join without a gap. */
const GRID_RATE = 48_000;

/** Bits per second of AAC by channels. */
const AAC_BITRATES: Record<number, number> = { 1: 96_000, 2: 160_000, 6: 384_000 };
/** Bits per second of Dolby's codecs in 5.1. */
const SURROUND_BITRATES = { ac3: 640_000, eac3: 448_000 } as const;

/** Where a file does not say, for the master playlist's sums. */
const UNKNOWN_BITRATE = 320_000;

/** The stream that plays when nobody chooses: the one marked so, else the first. */
export function defaultAudio(media: MediaInfo): AudioStream | null {
  return media.audio.find((audio) => audio.default) ?? media.audio[0] ?? null;
}

/** Containers of which Chromium plays the first track, whatever they mark; in MP4 it goes by the marks. */
const PLAYS_FIRST: readonly string[] = ['mkv', 'webm'];

/** The stream that plays everywhere where a file is played as it is; null where players differ about that. */
export function playedOfFile(media: MediaInfo): AudioStream | null {
  const usual = defaultAudio(media);
  return PLAYS_FIRST.includes(media.container) && usual !== media.audio[0] ? null : usual;
}

/** Sound gets this part of what a viewer's connection allows; the picture needs the rest. */
const SOUND_SHARE = 0.25;
/** Speech stays clear in stereo at this. */
const LEAST_STEREO_BITRATE = 96_000;

/**
 * Renditions of each sound track, the chosen one always among them and marked as the default: in surround where file
 * and client have it, and beside that in stereo, for loudspeakers that have no more and lines that are thin. `limit` is in bits
 * per second for the whole stream: sound that would take too much of it is made smaller.
 */
export function audioRenditions(
  media: MediaInfo,
  segments: Delivery,
  chosen: AudioStream,
  limit: number,
): AudioRendition[] {
  const first = media.audio.slice(0, MAX_AUDIO_RENDITIONS);
  const streams = first.includes(chosen) ? first : [...first.slice(0, MAX_AUDIO_RENDITIONS - 1), chosen];
  return streams.flatMap((stream) => {
    const best = audioRendition(stream, segments, stream === chosen, limit * SOUND_SHARE);
    const stereo = best.channels > 2 && plays(segments, 'aac', 1) ? [stereoOf(best)] : [];
    return [best, ...stereo];
  });
}

/** The same track mixed down, in which speech stays audible. */
function stereoOf({ id, stream, language, title }: AudioRendition): AudioRendition {
  return {
    ...{ id: `${id}-stereo`, stream, language, title, default: false, action: 'transcode', codec: 'aac' },
    ...{ channels: 2, sampleRate: GRID_RATE, bitrate: AAC_BITRATES[2] ?? UNKNOWN_BITRATE },
    codecs: audioCodecString('aac'),
  };
}

/** Whether a track goes into segments as it is. */
export function copiesAudio(stream: AudioStream, segments: Delivery): boolean {
  return copyable(stream.codec) && audioObstacles(segments, stream).length === 0;
}

function audioRendition(stream: AudioStream, segments: Delivery, chosen: boolean, most: number): AudioRendition {
  const common = {
    id: `a${stream.index}`,
    stream: stream.index,
    language: stream.language,
    title: stream.title,
    default: chosen,
  };
  const bitrate = stream.bitrate !== null && stream.bitrate > 0 ? stream.bitrate : UNKNOWN_BITRATE;
  const small = bitrate <= most || !plays(segments, 'aac', 1);
  if (copyable(stream.codec) && copiesAudio(stream, segments) && small) {
    const { channels, sampleRate } = stream;
    const codecs = audioCodecString(stream.codec, stream.profile);
    return { ...common, action: 'copy', codec: stream.codec, channels, sampleRate, bitrate, codecs };
  }
  const dolby = stream.channels >= 6 ? dolbyOf(segments, most) : null;
  if (dolby) {
    const codecs = audioCodecString(dolby);
    const surround = { codec: dolby, channels: 6, sampleRate: GRID_RATE, bitrate: SURROUND_BITRATES[dolby], codecs };
    return { ...common, action: 'transcode', ...surround };
  }
  const channels = aacChannels(stream, segments, most);
  const wanted = AAC_BITRATES[channels] ?? UNKNOWN_BITRATE;
  return {
    ...common,
    action: 'transcode',
    codec: 'aac',
    channels,
    sampleRate: GRID_RATE,
    bitrate: Math.max(Math.min(wanted, LEAST_STEREO_BITRATE), Math.min(wanted, Math.round(most))),
    codecs: audioCodecString('aac'),
  };
}

/** What surround is made into for a client that plays it in Dolby's codecs but not in AAC, as televisions do. */
function dolbyOf(segments: Delivery, most: number): keyof typeof SURROUND_BITRATES | null {
  if (plays(segments, 'aac', 6)) return null;
  const fits = (codec: keyof typeof SURROUND_BITRATES) => plays(segments, codec, 6) && SURROUND_BITRATES[codec] <= most;
  return (['ac3', 'eac3'] as const).find(fits) ?? null;
}

function plays(segments: Delivery, codec: string, channels: number): boolean {
  return segments.audio.some((known) => known.codec === codec && known.maxChannels >= channels);
}

/** Surround as 5.1 where the client takes it; everything else in stereo, and mono stays mono. */
function aacChannels(stream: AudioStream, segments: Delivery, most: number): number {
  if (stream.channels >= 6 && plays(segments, 'aac', 6) && (AAC_BITRATES[6] ?? 0) <= most) return 6;
  return Math.min(2, stream.channels);
}

function copyable(codec: string): codec is (typeof COPYABLE)[number] {
  return (COPYABLE as readonly string[]).includes(codec);
}
