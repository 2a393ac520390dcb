import { codecName } from '../item/media-words.ts';

const HARDWARE: Readonly<Record<string, string>> = {
  nvenc: 'NVIDIA',
  qsv: 'Intel Quick Sync',
  vaapi: 'VAAPI',
  amf: 'AMD',
  videotoolbox: 'Apple',
  v4l2m2m: 'V4L2',
  rkmpp: 'Rockchip',
};

const SOFTWARE: Readonly<Record<string, string>> = {
  libx264: 'H.264 in software',
  libx265: 'HEVC in software',
  libsvtav1: 'AV1 in software',
  'libvpx-vp9': 'VP9 in software',
};

/** What ffmpeg's encoder is called by people: `h264_nvenc` is H.264 on NVIDIA. */
export function encoderName(encoder: string): string {
  const [codec = encoder, hardware] = encoder.split('_');
  const maker = hardware === undefined ? undefined : HARDWARE[hardware];
  return maker === undefined ? (SOFTWARE[encoder] ?? encoder) : `${codecName(codec)} on ${maker}`;
}
