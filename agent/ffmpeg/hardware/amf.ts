import { averageAndLimits, type Device, profile } from './device.ts';

/** AMD on Windows: Direct3D decodes, AMF scales and encodes. */
export const AMF: Device = {
  name: 'amf',
  title: 'AMD (AMF)',
  format: 'd3d11',
  open: ['-init_hw_device', 'd3d11va=dx', '-filter_hw_device', 'dx'],
  decode: ['-hwaccel', 'd3d11va', '-hwaccel_device', 'dx', '-hwaccel_output_format', 'd3d11', '-extra_hw_frames', '8'],
  upload: 'format=nv12|p010le|d3d11,hwupload',
  handOver: (ten) => `format=${ten ? 'p010le' : 'nv12'}`,
  deinterlace: [],
  scale: ({ width, height }, ten) => `vpp_amf=w=${width}:h=${height}:format=${ten ? 'p010le' : 'nv12'}`,
  turn: null,
  tonemap: [],
  tenBits: true,
  baseline: 'constrained_baseline',
  encoders: { h264: 'h264_amf', hevc: 'hevc_amf', av1: 'av1_amf' },
  // forced_idr is younger than the encoders: one without it makes no keyframe where it is told to, and is of no use.
  options: (codec, rate, ten) => [
    ...['-usage', 'transcoding', '-quality', 'speed', '-rc', 'vbr_peak', '-forced_idr', '1'],
    ...[...averageAndLimits(rate), ...profile(codec, ten)],
  ],
  variants: [[]],
};
