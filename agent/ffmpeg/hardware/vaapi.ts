import { averageAndLimits, type Device, profile, type Turn } from './device.ts';

const TURNS: Record<Turn, string> = { 90: 'clock', 180: 'reversal', 270: 'cclock' };

/** Intel and AMD on Linux. Its encoders make every forced keyframe an IDR picture by themselves. */
export const VAAPI: Device = {
  name: 'vaapi',
  title: 'VAAPI',
  format: 'vaapi',
  open: ['-init_hw_device', 'vaapi=va:/dev/dri/renderD128', '-filter_hw_device', 'va'],
  decode: ['-hwaccel', 'vaapi', '-hwaccel_device', 'va', '-hwaccel_output_format', 'vaapi', '-extra_hw_frames', '8'],
  upload: 'format=nv12|p010le|vaapi,hwupload',
  // Its encoders take nothing but pictures of the device.
  handOver: (ten) => `format=${ten ? 'p010le' : 'nv12'},hwupload`,
  deinterlace: [{ name: 'deinterlace_vaapi', text: 'deinterlace_vaapi=rate=frame:auto=1' }],
  scale: ({ width, height }, ten) => `scale_vaapi=w=${width}:h=${height}:format=${ten ? 'p010' : 'nv12'}`,
  turn: (turn) => `transpose_vaapi=dir=${TURNS[turn]}`,
  tonemap: [{ name: 'tonemap_vaapi', text: 'tonemap_vaapi=format=nv12:p=bt709:t=bt709:m=bt709' }],
  tenBits: true,
  baseline: 'constrained_baseline',
  encoders: { h264: 'h264_vaapi', hevc: 'hevc_vaapi', av1: 'av1_vaapi' },
  options: (codec, rate, ten) => ['-idr_interval', '0', ...averageAndLimits(rate), ...profile(codec, ten)],
  // Newer Intel chips encode only in their low-power way.
  variants: [[], ['-low_power', '1']],
};
