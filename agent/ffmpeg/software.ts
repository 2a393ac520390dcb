import { kbits, limits, type MadeCodec } from './hardware/device.ts';

/** What the processor encodes with, by codec. */
export const SOFTWARE_ENCODERS = { h264: 'libx264', hevc: 'libx265', av1: 'libsvtav1' } as const satisfies Record<
  MadeCodec,
  string
>;

/** SVT-AV1 has numbers instead of names; 10 is about as fast as x264's veryfast is. */
const SVT_PRESETS: Record<string, string> = { ultrafast: '12', superfast: '11', veryfast: '10', faster: '9' };
const SVT_PRESET = '8';

/** Options of a software encoder; `preset` is x264's, which the others' are taken from. */
export function softwareOptions(
  codec: MadeCodec,
  options: { bitrate: number; preset: string; ten: boolean },
): string[] {
  const { bitrate, preset, ten } = options;
  switch (codec) {
    case 'h264':
      // A short look-ahead: every frame of it is one that the first segment waits for.
      return [...['-preset', preset, '-crf', '23', '-sc_threshold', '0', '-rc-lookahead', '4'], ...limits({ bitrate })];
    case 'hevc':
      return [
        // x265's own log does not heed ffmpeg's level.
        ...['-preset', preset === 'veryfast' ? 'ultrafast' : preset, '-crf', '26', '-forced-idr', '1'],
        ...['-x265-params', 'scenecut=0:open-gop=0:rc-lookahead=4:log-level=none'],
        ...[...limits({ bitrate }), '-profile:v', ten ? 'main10' : 'main'],
      ];
    case 'av1':
      return [
        ...['-preset', SVT_PRESETS[preset] ?? SVT_PRESET, '-crf', '35', '-b:v', '0', '-maxrate', kbits(bitrate)],
        ...['-svtav1-params', 'scd=0:lookahead=8:enable-force-key-frames=1'],
      ];
    default:
      return codec satisfies never;
  }
}
