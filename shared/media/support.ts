import type { Delivery } from './device-profile.ts';
import type { AudioStream, MediaInfo, VideoStream } from './media-info.ts';
import type { PlanReason } from './plan.ts';
import { takesProfile } from './profiles.ts';
import { displaySize } from './renditions.ts';

/** Containers that are another's family: what plays the one plays the other. */
const CONTAINER_FAMILY: Record<string, string> = {
  m4v: 'mp4',
  m4a: 'mp4',
  m4b: 'mp4',
  matroska: 'mkv',
  mka: 'mkv',
  mpegts: 'ts',
  m2ts: 'ts',
  oga: 'ogg',
};

function takesContainer(delivery: Delivery, container: string): boolean {
  const family = (name: string) => CONTAINER_FAMILY[name] ?? name;
  return delivery.containers.some((name) => family(name) === family(container));
}

/** Players count from where a file's clock begins, the rest of the product from the film's first moment. */
const CLOCK_TOLERANCE_S = 0.5;
/** Streams that were cut out of a broadcast: whoever plays them takes off where their clock begins. */
const STREAM_CONTAINERS: readonly string[] = ['ts', 'mpg', 'mpeg', 'ps', 'vob'];

/** Every reason why a delivery does not take this file's container as it is. */
export function containerObstacles(
  delivery: Delivery,
  { container, startTime }: Pick<MediaInfo, 'container' | 'startTime'>,
): PlanReason[] {
  if (!takesContainer(delivery, container)) return [{ code: 'container-not-supported', detail: container }];
  const family = CONTAINER_FAMILY[container] ?? container;
  if (Math.abs(startTime) <= CLOCK_TOLERANCE_S || STREAM_CONTAINERS.includes(family)) return [];
  return [{ code: 'container-not-supported', detail: `${container}, from ${startTime.toFixed(1)} s on` }];
}

/** Every reason why a delivery does not take this video as it is; empty is "it does". */
export function videoObstacles(delivery: Delivery, video: VideoStream): PlanReason[] {
  const reasons: PlanReason[] = [];
  const support = delivery.video.find((known) => known.codec === video.codec);
  if (support) {
    if (video.profile !== null && !takesProfile(support, video.profile)) {
      reasons.push({ code: 'video-profile-not-supported', detail: `${video.codec} ${video.profile}` });
    }
    if (support.maxLevel !== undefined && video.level !== null && video.level > support.maxLevel) {
      reasons.push({ code: 'video-level-not-supported', detail: `${video.codec} ${video.level}` });
    }
    if (video.bitDepth > support.maxBitDepth) {
      reasons.push({ code: 'video-bit-depth-not-supported', detail: `${video.bitDepth} bit` });
    }
    const { width, height } = displaySize(video);
    if (width > (support.maxWidth ?? width) || height > (support.maxHeight ?? height)) {
      reasons.push({ code: 'video-resolution-not-supported', detail: `${Math.round(width)}×${Math.round(height)}` });
    }
  } else {
    reasons.push({ code: 'video-codec-not-supported', detail: video.codec });
  }
  // A Dolby Vision stream may have no picture for other decoders (profile 5), and the probe does not tell them apart.
  if (video.hdr === 'dolby-vision' || (video.hdr !== 'none' && !support?.hdr)) {
    reasons.push({ code: 'video-hdr-not-supported', detail: video.hdr });
  }
  if (video.interlaced) reasons.push({ code: 'video-interlaced' });
  if (video.rotation % 360 !== 0) reasons.push({ code: 'video-rotated', detail: `${video.rotation}°` });
  return reasons;
}

/** Every reason why a delivery does not take this sound as it is. */
export function audioObstacles(delivery: Delivery, audio: AudioStream): PlanReason[] {
  const support = delivery.audio.find((known) => known.codec === audio.codec);
  if (!support) return [{ code: 'audio-codec-not-supported', detail: audio.codec }];
  if (audio.channels <= support.maxChannels) return [];
  return [{ code: 'audio-channels-not-supported', detail: `${audio.codec} ${audio.channels} channels` }];
}
