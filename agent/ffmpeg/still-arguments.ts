import { argumentsOf } from './command.ts';
import { TONEMAP } from './picture-filters.ts';

/** JPEG quality in ffmpeg's scale, 2 (best) to 31. */
const JPEG_QUALITY = 4;

/** A picture, scaled down to at most `width` pixels, as JPEG on stdout; one that is clear as PNG. */
export function pictureArguments(options: { path: string; demuxer: string; clear: boolean; width: number }): string[] {
  const { path, demuxer, clear, width } = options;
  return argumentsOf(path, (command) =>
    clear ? png(command.inputFormat(demuxer), width) : jpeg(command.inputFormat(demuxer), width),
  );
}

/** The frame of a film at a time, as JPEG on stdout; `tonemap` for one in HDR. */
export function frameArguments(options: { path: string; seconds: number; width: number; tonemap: boolean }): string[] {
  const { path, seconds, width, tonemap } = options;
  // The nearest keyframe is as good a picture, without decoding up to the time.
  return argumentsOf(path, (command) =>
    jpeg(
      command.inputOptions(['-noaccurate_seek', '-skip_frame', 'nokey']).seekInput(seconds).noAudio(),
      width,
      tonemap,
    ),
  );
}

type Command = Parameters<Parameters<typeof argumentsOf>[1]>[0];

function jpeg(command: Command, width: number, tonemap = false) {
  return scaled(command, width, tonemap)
    .outputOptions(['-q:v', String(JPEG_QUALITY), '-map_metadata', '-1'])
    .format('mjpeg');
}

function png(command: Command, width: number) {
  return scaled(command, width)
    .outputOptions(['-c:v', 'png', '-pix_fmt', 'rgba', '-map_metadata', '-1'])
    .format('image2pipe');
}

function scaled(command: Command, width: number, tonemap = false) {
  return command
    .videoFilters([
      { filter: 'scale', options: { w: `min(${width}\\,iw*sar)`, h: '-2' } },
      { filter: 'setsar', options: '1' },
      ...(tonemap ? TONEMAP.split(',').map((text) => filterOf(text)) : []),
    ])
    .frames(1);
}

function filterOf(text: string): { filter: string; options: string } {
  const [filter = '', options = ''] = text.split(/=(.*)/s);
  return { filter, options };
}
