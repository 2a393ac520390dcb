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

/** ffmpeg's names of subtitles that are pictures. */
const PICTURES = /^(hdmv_pgs|dvd|dvb|xsub)/;

const REASON_WORDS: Readonly<Record<Reason['code'], (detail: string | undefined) => string>> = {
  'container-not-supported': (detail) => {
    if (detail === undefined) return 'This device does not read this kind of file.';
    const [container = '', clock] = detail.split(', ');
    return clock === undefined
      ? `This device does not read ${container.toUpperCase()} files.`
      : `The clock of this ${container.toUpperCase()} file does not begin with the film, and players go by it.`;
  },
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
  'audio-track-chosen': () => 'The audio track is another than the one that plays when the file is opened.',
  'bitrate-limit': () => 'The file needs a faster connection than you allow in the quality menu.',
  'subtitle-burn-in': (detail) =>
    detail !== undefined && PICTURES.test(detail)
      ? 'These subtitles are pictures and are painted into the video.'
      : 'This device does not draw these subtitles; they are painted into the video.',
  'keyframes-unknown': () =>
    'The film cannot be cut without converting it: its keyframes are not known yet, or no player can begin at them.',
};

/** Why a film does not come as it is, for a person. */
export function reasonWords({ code, detail }: Reason): string {
  return REASON_WORDS[code](detail);
}
