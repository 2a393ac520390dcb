/** One way to make H.264: what ffmpeg calls it, and the options that give steady, seekable segments. */
export interface VideoEncoder {
  name: string;
  /** Options before the input, such as the device. */
  device: readonly string[];
  /** The last filters of the chain: the pixel format, or the way onto the device. */
  upload: string;
  /** Options of the encoder itself; `preset` is libx264's. */
  options(rate: { bitrate: number; preset: string }): string[];
}

const VAAPI_DEVICE = '/dev/dri/renderD128';

/** Best first: a hardware encoder leaves the CPU to the other viewers. */
export const H264_ENCODERS: readonly VideoEncoder[] = [
  {
    name: 'h264_nvenc',
    // Decodes on the card too where it can; what it cannot, ffmpeg decodes on the processor by itself.
    device: ['-hwaccel', 'cuda'],
    upload: 'format=yuv420p',
    options: ({ bitrate }) => [
      ...['-preset', 'p4', '-rc', 'vbr', '-cq', '24', '-forced-idr', '1', '-no-scenecut', '1'],
      ...limits(bitrate),
    ],
  },
  {
    name: 'h264_qsv',
    device: ['-hwaccel', 'auto'],
    upload: 'format=nv12',
    options: ({ bitrate }) => [
      '-preset',
      'veryfast',
      '-forced_idr',
      '1',
      '-b:v',
      kbits(bitrate * 0.8),
      ...limits(bitrate),
    ],
  },
  {
    name: 'h264_videotoolbox',
    device: ['-hwaccel', 'videotoolbox'],
    upload: 'format=yuv420p',
    options: ({ bitrate }) => ['-realtime', '1', '-b:v', kbits(bitrate * 0.8), ...limits(bitrate)],
  },
  {
    name: 'h264_vaapi',
    device: ['-vaapi_device', VAAPI_DEVICE, '-hwaccel', 'vaapi'],
    upload: 'format=nv12,hwupload',
    options: ({ bitrate }) => ['-b:v', kbits(bitrate * 0.8), ...limits(bitrate)],
  },
  {
    name: 'libx264',
    device: [],
    upload: 'format=yuv420p',
    // A short look-ahead: every frame of it is one that the first segment waits for.
    options: ({ bitrate, preset }) => [
      ...['-preset', preset, '-crf', '23', '-sc_threshold', '0', '-rc-lookahead', '4'],
      ...limits(bitrate),
    ],
  },
];

/** The encoder of this name, or null for one that is not known here. */
export function encoderNamed(name: string): VideoEncoder | null {
  return H264_ENCODERS.find((encoder) => encoder.name === name) ?? null;
}

function limits(bitrate: number): string[] {
  return ['-maxrate', kbits(bitrate), '-bufsize', kbits(bitrate * 2)];
}

function kbits(bits: number): string {
  return `${Math.max(1, Math.round(bits / 1000))}k`;
}
