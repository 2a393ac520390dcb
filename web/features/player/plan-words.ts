import type { z } from 'zod';
import type { Plan, PlanReason } from '../../../shared/media/plan.ts';
import { codecName } from '../item/media-words.ts';

type Reason = z.infer<typeof PlanReason>;

/** The way of delivery in one word and in one sentence. */
export const MODE_WORDS: Readonly<Record<Plan['mode'], { name: string; sentence: string }>> = {
  direct: {
    name: 'Direct play',
    sentence: 'You get the file exactly as it is on the disk. Nothing is converted.',
  },
  remux: {
    name: 'Remux',
    sentence:
      'Picture and sound are the originals; only their packaging is changed on the way. It costs almost nothing.',
  },
  transcode: {
    name: 'Transcode',
    sentence: 'The film is converted while you watch. This is why:',
  },
};

const NAMED = (text: (name: string) => string, without: string) => (detail: string | undefined) =>
  detail === undefined ? without : text(codecName(detail));

const REASON_WORDS: Readonly<Record<Reason['code'], (detail: string | undefined) => string>> = {
  'container-not-supported': (detail) =>
    detail === undefined
      ? 'This device does not read this kind of file.'
      : `This device does not read ${detail.toUpperCase()} files.`,
  'video-codec-not-supported': NAMED(
    (name) => `This device cannot decode ${name} video.`,
    'This device cannot decode this video.',
  ),
  'video-profile-not-supported': NAMED(
    (name) => `This device cannot decode this variant of the video (${name}).`,
    'This device cannot decode this variant of the video.',
  ),
  'video-level-not-supported': () => 'The video is too demanding for this device’s decoder.',
  'video-bit-depth-not-supported': () => 'This device does not show this many shades of colour (bit depth).',
  'video-resolution-not-supported': () => 'The picture is larger than this device can show.',
  'video-hdr-not-supported': () => 'The picture is in high dynamic range; it is converted for your screen.',
  'video-interlaced': () => 'The picture is interlaced, as television was; its lines are woven together for you.',
  'video-rotated': () => 'The video lies on its side in the file and is turned upright.',
  'audio-codec-not-supported': NAMED(
    (name) => `This device cannot decode ${name} sound.`,
    'This device cannot decode this sound.',
  ),
  'audio-channels-not-supported': () => 'The sound has more channels than this device takes.',
  'audio-track-chosen': () => 'You chose another audio track than the file’s first.',
  'bitrate-limit': () => 'The file needs a faster connection than you allow in the quality menu.',
  'subtitle-burn-in': () => 'These subtitles are pictures and are painted into the video.',
  'keyframes-unknown': () => 'The file has no table of its keyframes yet, so it cannot be cut without converting it.',
};

/** Why a film does not come as it is, for a person. */
export function reasonWords({ code, detail }: Reason): string {
  return REASON_WORDS[code](detail);
}
