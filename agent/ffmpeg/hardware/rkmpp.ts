import { averageAndLimits, type Device, profile, type Turn } from './device.ts';

const TURNS: Record<Turn, string> = { 90: 'clock', 180: 'reversal', 270: 'cclock' };

/** Rockchip: MPP decodes and encodes, the RGA unit scales; in builds of ffmpeg for these boards. */
export const RKMPP: Device = {
  name: 'rkmpp',
  title: 'Rockchip (RKMPP)',
  format: 'drm_prime',
  open: ['-init_hw_device', 'rkmpp=rk', '-filter_hw_device', 'rk'],
  decode: ['-hwaccel', 'rkmpp', '-hwaccel_output_format', 'drm_prime'],
  upload: 'format=nv12|p010le|drm_prime,hwupload',
  handOver: () => 'format=nv12',
  deinterlace: [],
  scale: ({ width, height }) => `scale_rkrga=w=${width}:h=${height}:format=nv12:force_original_aspect_ratio=disable`,
  turn: (turn) => `vpp_rkrga=transpose=${TURNS[turn]}`,
  tonemap: [],
  tenBits: false,
  encoders: { h264: 'h264_rkmpp', hevc: 'hevc_rkmpp' },
  options: (codec, rate, ten) => ['-rc_mode', 'VBR', ...averageAndLimits(rate), ...profile(codec, ten)],
  variants: [[]],
};
