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

/** Where a file does not say, for the master playlist's sums. */
const UNKNOWN_BITRATE = 320_000;

/** The stream that plays when nobody chooses: the one marked so, else the first. */
export function defaultAudio(media: MediaInfo): AudioStream | null {
  return media.audio.find((audio) => audio.default) ?? media.audio[0] ?? null;
}

/** A rendition for each sound track, the chosen one always among them and marked as the default. */
export function audioRenditions(media: MediaInfo, segments: Delivery, chosen: AudioStream): AudioRendition[] {
  const first = media.audio.slice(0, MAX_AUDIO_RENDITIONS);
  const streams = first.includes(chosen) ? first : [...first.slice(0, MAX_AUDIO_RENDITIONS - 1), chosen];
  return streams.map((stream) => audioRendition(stream, segments, stream === chosen));
}

/** Whether a track goes into segments as it is. */
export function copiesAudio(stream: AudioStream, segments: Delivery): boolean {
  return copyable(stream.codec) && audioObstacles(segments, stream).length === 0;
}

function audioRendition(stream: AudioStream, segments: Delivery, chosen: boolean): AudioRendition {
  const common = {
    id: `a${stream.index}`,
    stream: stream.index,
    language: stream.language,
    title: stream.title,
    default: chosen,
  };
  if (copyable(stream.codec) && copiesAudio(stream, segments)) {
    const { channels, sampleRate } = stream;
    const bitrate = stream.bitrate !== null && stream.bitrate > 0 ? stream.bitrate : UNKNOWN_BITRATE;
    const codecs = audioCodecString(stream.codec, stream.profile);
    return { ...common, action: 'copy', codec: stream.codec, channels, sampleRate, bitrate, codecs };
  }
  const channels = aacChannels(stream, segments);
  return {
    ...common,
    action: 'transcode',
    codec: 'aac',
    channels,
    sampleRate: GRID_RATE,
    bitrate: AAC_BITRATES[channels] ?? UNKNOWN_BITRATE,
    codecs: audioCodecString('aac'),
  };
}

/** Surround as 5.1 where the client takes it; everything else in stereo, and mono stays mono. */
function aacChannels(stream: AudioStream, segments: Delivery): number {
  const most = segments.audio.find((known) => known.codec === 'aac')?.maxChannels ?? 2;
  if (stream.channels >= 6 && most >= 6) return 6;
  return Math.min(2, stream.channels);
}

function copyable(codec: string): codec is (typeof COPYABLE)[number] {
  return (COPYABLE as readonly string[]).includes(codec);
}
