import { averageAndLimits, type Device, profile, type Turn } from './device.ts';

const TURNS: Record<Turn, string> = { 90: 'clock', 180: 'reversal', 270: 'cclock' };

const OPEN: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  win32: ['-init_hw_device', 'd3d11va=dx', '-init_hw_device', 'qsv=qs@dx', '-filter_hw_device', 'qs'],
};
/** On Linux over VAAPI, on the card that is chosen there. */
const OVER_VAAPI = [
  ...['-init_hw_device', 'vaapi=va:/dev/dri/renderD128', '-init_hw_device', 'qsv=qs@va'],
  ...['-filter_hw_device', 'qs'],
];

/** Intel Quick Sync, by way of the system's own interface to the card. */
export function quickSync(platform: NodeJS.Platform): Device {
  return {
    name: 'qsv',
    title: 'Intel Quick Sync',
    format: 'qsv',
    open: OPEN[platform] ?? OVER_VAAPI,
    decode: ['-hwaccel', 'qsv', '-hwaccel_device', 'qs', '-hwaccel_output_format', 'qsv'],
    upload: 'format=nv12|p010le|qsv,hwupload=extra_hw_frames=16',
    handOver: (ten) => `format=${ten ? 'p010le' : 'nv12'}`,
    deinterlace: [{ name: 'vpp_qsv', text: 'vpp_qsv=deinterlace=advanced' }],
    scale: ({ width, height }, ten) => `vpp_qsv=w=${width}:h=${height}:format=${ten ? 'p010le' : 'nv12'}`,
    turn: (turn) => `vpp_qsv=transpose=${TURNS[turn]}`,
    tonemap: [
      {
        name: 'vpp_qsv',
        text: 'vpp_qsv=tonemap=1:format=nv12:out_color_matrix=bt709:out_color_primaries=bt709:out_color_transfer=bt709',
      },
    ],
    tenBits: true,
    encoders: { h264: 'h264_qsv', hevc: 'hevc_qsv', av1: 'av1_qsv' },
    options: (codec, rate, ten) => [
      ...['-preset', 'veryfast', '-forced_idr', '1', ...averageAndLimits(rate), ...profile(codec, ten)],
    ],
    // Newer chips encode only in their low-power way, older ones only in the other.
    variants: [[], ['-low_power', '1']],
  };
}
