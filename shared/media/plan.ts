import { z } from 'zod';
import { Rational } from './media-info.ts';

/** Why a copy is not played as it is; a closed list that the player shows in words. */
export const PLAN_REASONS = [
  'container-not-supported',
  'video-codec-not-supported',
  'video-profile-not-supported',
  'video-level-not-supported',
  'video-bit-depth-not-supported',
  'video-resolution-not-supported',
  'video-hdr-not-supported',
  'video-interlaced',
  'video-rotated',
  'audio-codec-not-supported',
  'audio-channels-not-supported',
  'audio-track-chosen',
  'bitrate-limit',
  'subtitle-burn-in',
  'keyframes-unknown',
] as const;

export const PlanReason = z.object({
  code: z.enum(PLAN_REASONS),
  /** What it is about, such as the codec's name. */
  detail: z.string().max(100).optional(),
});
export type PlanReason = z.infer<typeof PlanReason>;

/** A rendition's name in URLs: `v720`, `vcopy`, `a1`. */
export const RenditionId = z.string().regex(/^[a-z0-9-]{1,24}$/);

export const VideoRendition = z.object({
  id: RenditionId,
  /** Index of the source stream. */
  stream: z.number().int().nonnegative(),
  action: z.enum(['copy', 'transcode']),
  /** ffmpeg's name of the codec that the client gets. */
  codec: z.enum(['h264', 'hevc', 'av1', 'vp9']),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Peak bits per second, as the master playlist announces it. */
  bitrate: z.number().int().positive(),
  frameRate: Rational,
  /** RFC 6381 codec string. */
  codecs: z.string().max(60),
  /** Tonemap to SDR, deinterlace: what the source needs to be fit for the client. */
  tonemap: z.boolean(),
  deinterlace: z.boolean(),
  /** Transfer of the picture as the client gets it; absent is SDR. */
  range: z.enum(['PQ', 'HLG']).optional(),
  /** Index of the subtitles that are painted into it: pictures, or text for a client that draws none. */
  burnIn: z.number().int().nonnegative().optional(),
});
export type VideoRendition = z.infer<typeof VideoRendition>;

export const AudioRendition = z.object({
  id: RenditionId,
  stream: z.number().int().nonnegative(),
  action: z.enum(['copy', 'transcode']),
  codec: z.enum(['aac', 'mp3', 'opus', 'flac', 'ac3', 'eac3', 'vorbis']),
  channels: z.number().int().positive(),
  sampleRate: z.number().int().positive(),
  bitrate: z.number().int().positive(),
  codecs: z.string().max(60),
  language: z.string().max(35).nullable(),
  title: z.string().max(500).nullable(),
  default: z.boolean(),
});
export type AudioRendition = z.infer<typeof AudioRendition>;

export const SubtitleTrack = z.object({
  /** Index of the source stream; external files count from 1000. */
  stream: z.number().int().nonnegative(),
  language: z.string().max(35).nullable(),
  title: z.string().max(500).nullable(),
  forced: z.boolean(),
  default: z.boolean(),
  sdh: z.boolean(),
  /** It is in ASS, which clients that draw it can have as it is. */
  ass: z.boolean().optional(),
});
export type SubtitleTrack = z.infer<typeof SubtitleTrack>;

/** The outcome of the playback decision: how one copy reaches one client. */
export const Plan = z.object({
  mode: z.enum(['direct', 'remux', 'transcode']),
  reasons: z.array(PlanReason).max(40),
  /** Empty in direct play and for sound alone. All on the same boundaries. */
  video: z.array(VideoRendition).max(8),
  /** Empty in direct play. */
  audio: z.array(AudioRendition).max(64),
  subtitles: z.array(SubtitleTrack).max(128),
  /**
   * Tracks that are pictures, or text that the client does not draw: shown by playing again with `subtitleStream`, which
   * paints them into the film.
   */
  burnable: z.array(SubtitleTrack).max(128).optional(),
});
export type Plan = z.infer<typeof Plan>;
