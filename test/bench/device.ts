import type { DeviceProfile } from '../../shared/media/device-profile.ts';

/** What Chromium on Linux answers. */
const VIDEO: DeviceProfile['file']['video'] = [
  { codec: 'h264', maxLevel: 62, maxBitDepth: 8, hdr: false },
  { codec: 'vp9', maxBitDepth: 10, hdr: false },
  { codec: 'av1', maxBitDepth: 10, hdr: false },
];
const AUDIO: DeviceProfile['file']['audio'] = (['aac', 'mp3', 'opus', 'flac'] as const).map((codec) => ({
  codec,
  maxChannels: 8,
}));

export const CHROMIUM: DeviceProfile = {
  name: 'Chromium',
  file: { containers: ['mp4', 'webm', 'mp3', 'flac'], video: VIDEO, audio: AUDIO },
  segments: { containers: ['mp4'], video: VIDEO, audio: AUDIO },
};
