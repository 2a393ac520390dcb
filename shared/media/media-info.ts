import { z } from 'zod';

/** What a probe says about a media file, in ffmpeg's names for codecs and Jellyfin's for containers. */

export const Rational = z.object({ num: z.number().int().nonnegative(), den: z.number().int().positive() });
export type Rational = z.infer<typeof Rational>;

const Named = {
  language: z.string().max(35).nullable(),
  title: z.string().max(500).nullable(),
  default: z.boolean(),
};

export const VideoStream = z.object({
  index: z.number().int().nonnegative(),
  /** ffmpeg's codec name: h264, hevc, av1, vp9, mpeg2video, mpeg4, vc1, … */
  codec: z.string().max(40),
  /** ffmpeg's profile name, such as "High" or "Main 10". */
  profile: z.string().max(60).nullable(),
  /** As ffprobe gives it: 40 is level 4.0 in H.264, 120 is level 4.0 in HEVC. */
  level: z.number().int().nullable(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  /** Sample aspect ratio; 1/1 for square pixels. */
  sar: Rational,
  /** Average frames per second. */
  frameRate: Rational,
  bitDepth: z.number().int().min(8).max(16),
  hdr: z.enum(['none', 'hdr10', 'hlg', 'dolby-vision']),
  interlaced: z.boolean(),
  /** Degrees clockwise: 0, 90, 180, 270. */
  rotation: z.number().int(),
  /** The container cuts something off the coded picture; width and height are what is left. */
  cropped: z.boolean().optional(),
  /** Where what is left begins in the coded picture, where ffmpeg does not cut it by itself. */
  crop: z.object({ left: z.number().int().nonnegative(), top: z.number().int().nonnegative() }).optional(),
  /** Milliseconds from the film's start at which its pictures end, where the film goes on without them. */
  endsMs: z.number().int().nonnegative().optional(),
  /** Bits per second, where the file says. */
  bitrate: z.number().int().nonnegative().nullable(),
  ...Named,
});
export type VideoStream = z.infer<typeof VideoStream>;

export const AudioStream = z.object({
  index: z.number().int().nonnegative(),
  /** ffmpeg's codec name: aac, ac3, eac3, dts, truehd, flac, opus, mp3, pcm_s16le, … */
  codec: z.string().max(40),
  profile: z.string().max(60).nullable(),
  channels: z.number().int().positive().max(64),
  sampleRate: z.number().int().positive(),
  bitrate: z.number().int().nonnegative().nullable(),
  ...Named,
});
export type AudioStream = z.infer<typeof AudioStream>;

export const SubtitleStream = z.object({
  /** The stream's index in the file; external files count from 1000. */
  index: z.number().int().nonnegative(),
  /** ffmpeg's codec name: subrip, ass, mov_text, webvtt, hdmv_pgs_subtitle, dvd_subtitle, … */
  codec: z.string().max(40),
  /** Text can become WebVTT; pictures must be burned in. */
  form: z.enum(['text', 'image']),
  forced: z.boolean(),
  /** For the deaf and hard of hearing. */
  sdh: z.boolean(),
  external: z.boolean(),
  ...Named,
});
export type SubtitleStream = z.infer<typeof SubtitleStream>;

export const Chapter = z.object({ startMs: z.number().int().nonnegative(), title: z.string().max(500).nullable() });

export const MediaInfo = z.object({
  /** mp4, mov, mkv, webm, ts, avi, wmv, flv, ogg, mp3, flac, … */
  container: z.string().max(20),
  durationMs: z.number().int().nonnegative(),
  /** Seconds, as the container has it; part of the copy's identity for interchangeable segments. */
  startTime: z.number(),
  /** Bits per second over the whole file. */
  bitrate: z.number().int().nonnegative().nullable(),
  video: z.array(VideoStream).max(16),
  audio: z.array(AudioStream).max(64),
  subtitles: z.array(SubtitleStream).max(128),
  chapters: z.array(Chapter).max(500),
});
export type MediaInfo = z.infer<typeof MediaInfo>;

/** The picture that is shown when nobody chooses: the one marked so, else the first. */
export function mainVideo({ video }: Pick<MediaInfo, 'video'>): VideoStream | null {
  return video.find((stream) => stream.default) ?? video[0] ?? null;
}

/** Whether a film's picture must be made fit for an ordinary screen. */
export function isHdr(media: Pick<MediaInfo, 'video'>): boolean {
  return (mainVideo(media)?.hdr ?? 'none') !== 'none';
}
