import { type Device, limits, profile } from './device.ts';

/** Constant quality under a peak: about as good in each codec. */
const QUALITY = { h264: '24', hevc: '27', av1: '32' } as const;

/**
 * NVIDIA: NVDEC, CUDA filters, NVENC. Turning is not among ffmpeg's CUDA filters; tone mapping is only in some
 * builds (Jellyfin's).
 */
export const NVENC: Device = {
  name: 'nvenc',
  title: 'NVIDIA (NVENC)',
  format: 'cuda',
  open: ['-init_hw_device', 'cuda=gpu', '-filter_hw_device', 'gpu'],
  // The filters hold some pictures while the decoder goes on: its pool must be larger by as many.
  decode: [
    ...['-hwaccel', 'cuda', '-hwaccel_device', 'gpu', '-hwaccel_output_format', 'cuda'],
    ...['-extra_hw_frames', '8'],
  ],
  upload: 'format=nv12|p010le|cuda,hwupload',
  handOver: (ten) => `format=${ten ? 'p010le' : 'yuv420p'}`,
  deinterlace: [
    { name: 'bwdif_cuda', text: 'bwdif_cuda=mode=send_frame:deint=interlaced' },
    { name: 'yadif_cuda', text: 'yadif_cuda=mode=send_frame:deint=interlaced' },
  ],
  scale: ({ width, height }, ten) => `scale_cuda=${width}:${height}:format=${ten ? 'p010le' : 'nv12'}`,
  turn: null,
  tonemap: [{ name: 'tonemap_cuda', text: 'tonemap_cuda=format=nv12:p=bt709:t=bt709:m=bt709:tonemap=hable:desat=0' }],
  tenBits: true,
  encoders: { h264: 'h264_nvenc', hevc: 'hevc_nvenc', av1: 'av1_nvenc' },
  // Without -b:v 0 the default of 2 Mbit/s would be the average of everything. A forced keyframe is a mere I picture
  // unless forced-idr says otherwise.
  options: (codec, rate, ten) => [
    ...['-preset', 'p4', '-rc', 'vbr', '-cq', QUALITY[codec], '-b:v', '0', ...limits(rate)],
    ...['-forced-idr', '1', '-no-scenecut', '1', ...profile(codec, ten)],
  ],
  variants: [[]],
};
