import ffmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';

/** Told to every process that makes one small thing: quiet, never asking, only files of this machine. */
const QUIET = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'];

/**
 * The argv of a command that fluent-ffmpeg describes. Only its building of arguments is used: spawning through
 * it brings the process down when the binary is missing, and processes are started in one place.
 */
export function argumentsOf(path: string, describe: (command: FfmpegCommand) => FfmpegCommand): string[] {
  // Underscored, yet the documented way of fluent-ffmpeg's own tests; its types leave it out.
  const command = describe(ffmpeg().input(`file:${path}`)).output('pipe:1') as FfmpegCommand & {
    _getArguments(): (string | number)[];
  };
  return [...QUIET, ...command._getArguments().map(String)];
}
