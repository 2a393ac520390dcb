import { averageAndLimits, type Device, profile, type Turn } from './device.ts';

const TURNS: Record<Turn, string> = { 90: 'clock', 180: 'reversal', 270: 'cclock' };

/** Apple. Its scaler changes the colours on the way, so that it is the tone mapper too. */
export const VIDEOTOOLBOX: Device = {
  name: 'videotoolbox',
  title: 'Apple VideoToolbox',
  format: 'videotoolbox_vld',
  open: ['-init_hw_device', 'videotoolbox=vt', '-filter_hw_device', 'vt'],
  decode: ['-hwaccel', 'videotoolbox', '-hwaccel_output_format', 'videotoolbox_vld'],
  upload: 'format=nv12|p010le|videotoolbox_vld,hwupload',
  handOver: (ten) => `format=${ten ? 'p010le' : 'yuv420p'}`,
  deinterlace: [{ name: 'yadif_videotoolbox', text: 'yadif_videotoolbox=mode=send_frame:deint=interlaced' }],
  scale: ({ width, height }) => `scale_vt=w=${width}:h=${height}`,
  turn: (turn) => `transpose_vt=dir=${TURNS[turn]}`,
  tonemap: [
    {
      name: 'tonemap_videotoolbox',
      text: 'tonemap_videotoolbox=format=nv12:p=bt709:t=bt709:m=bt709:tonemap=hable:desat=0',
    },
    { name: 'scale_vt', text: 'scale_vt=color_matrix=bt709:color_primaries=bt709:color_transfer=bt709' },
  ],
  tenBits: true,
  encoders: { h264: 'h264_videotoolbox', hevc: 'hevc_videotoolbox' },
  // Apple's software encoder under the same name would be slower than ours.
  options: (codec, rate, ten) => [
    ...['-realtime', '1', '-allow_sw', '0', ...averageAndLimits(rate), ...profile(codec, ten)],
  ],
  variants: [[]],
};
