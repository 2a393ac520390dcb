import { z } from 'zod';

/**
 * What a client can play, by its own answers (MediaSource.isTypeSupported, MediaCapabilities), in the terms
 * of Jellyfin's device profiles. Nothing is guessed from a user agent's name.
 */
const VideoSupport = z.object({
  codec: z.enum(['h264', 'hevc', 'av1', 'vp9']),
  /** By ffmpeg's names, such as "Main 10", with those that a decoder of them takes besides; absent are the usual ones. */
  profiles: z.array(z.string().max(60)).max(20).optional(),
  /** Highest level in ffprobe's numbers (H.264 51 is 5.1; HEVC 153 is 5.1); absent is no limit. */
  maxLevel: z.number().int().optional(),
  maxBitDepth: z.number().int().default(8),
  maxWidth: z.number().int().optional(),
  maxHeight: z.number().int().optional(),
  hdr: z.boolean().default(false),
});

const AudioSupport = z.object({
  codec: z.enum(['aac', 'mp3', 'opus', 'flac', 'ac3', 'eac3', 'vorbis']),
  maxChannels: z.number().int().positive().default(2),
});

/** Which codecs one way of delivery takes. */
const Delivery = z.object({
  containers: z.array(z.string().max(20)).max(20),
  video: z.array(VideoSupport).max(10),
  audio: z.array(AudioSupport).max(20),
});
export type Delivery = z.infer<typeof Delivery>;

/**
 * Subtitles that a client shows by itself: `text` as WebVTT, `ass` drawn as it was meant, `image` (PGS, VobSub, DVB)
 * where they are in a file that it plays as it is.
 */
const SubtitleForm = z.enum(['text', 'ass', 'image']);

export const DeviceProfile = z.object({
  name: z.string().max(100),
  /** Files as they are, over HTTP ranges. */
  file: Delivery,
  /** Fragmented MP4 in HLS or DASH. */
  segments: Delivery,
  /** Absent is text, of either kind; text that is in none of them is painted into the picture where it is chosen. */
  subtitles: z.array(SubtitleForm).max(3).optional(),
  /** Bits per second, the whole stream. */
  maxBitrate: z.number().int().positive().optional(),
});
export type DeviceProfile = z.infer<typeof DeviceProfile>;
