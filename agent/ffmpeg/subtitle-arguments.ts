import { argumentsOf } from './command.ts';

/** How far a window's process may run past it: a file's streams lie up to seconds apart. */
const PAST_S = 5;
/** How often ffmpeg says where it is. */
const PROGRESS_S = 0.05;
/** In the background a film is read at so many times its speed, so that the disk is left to those who watch. */
export const BACKGROUND_SPEED = 40;

/**
 * One text track on stdout, whole: as WebVTT, or as ASS where it is one. `charset` where it is not UTF-8; `gently` for
 * nobody who waits.
 */
export function subtitleArguments(options: {
  path: string;
  stream: number;
  charset: string | null;
  form: 'webvtt' | 'ass';
  gently?: boolean;
}): string[] {
  const { path, stream, charset, form, gently = false } = options;
  const input = [
    ...(charset ? ['-sub_charenc', charset] : []),
    ...(gently ? ['-readrate', String(BACKGROUND_SPEED)] : []),
  ];
  return argumentsOf(path, (command) =>
    (input.length > 0 ? command.inputOptions(input) : command)
      .outputOptions(['-map', `0:${stream}`, '-c:s', form])
      .format(form),
  );
}

/**
 * Several text tracks of a film in one pass, for nobody who waits: each into a file of its own, which ends at
 * `maxBytes`. The names of the files are this program's.
 */
export function tracksArguments(options: {
  path: string;
  tracks: readonly { stream: number; form: 'webvtt' | 'ass'; file: string }[];
  maxBytes: number;
}): string[] {
  const { path, tracks, maxBytes } = options;
  return [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'],
    ...['-readrate', String(BACKGROUND_SPEED), '-i', `file:${path}`],
    ...tracks.flatMap(({ stream, form, file }) => [
      ...['-map', `0:${stream}`, '-c:s', form, '-fs', String(maxBytes), '-f', form, `file:${file}`],
    ]),
  ];
}

/**
 * The subtitles of a track from `from` on for `seconds`, as WebVTT on stdout with times from `from`. ffmpeg ends an
 * output at a packet behind its end, and the next subtitle may be an hour away: so the stream `clock` is read along,
 * and ffmpeg says on stderr how far it is. Once that is `clockEnd` microseconds, what there is has come.
 */
export function windowArguments(options: {
  path: string;
  stream: number;
  clock: number;
  from: number;
  seconds: number;
  /** Whether the header says all about the streams, so that few packets need be looked at. */
  complete: boolean;
}): { args: string[]; clockEnd: number } {
  const { path, stream, clock, from, seconds, complete } = options;
  const end = seconds + PAST_S;
  const args = [
    ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-protocol_whitelist', 'file,pipe'],
    ...['-progress', 'pipe:2', '-stats_period', String(PROGRESS_S)],
    ...(complete ? ['-probesize', '200000', '-analyzeduration', '200000'] : []),
    ...(from > 0 ? ['-ss', from.toFixed(3)] : []),
    ...['-i', `file:${path}`],
    ...[
      '-map',
      `0:${stream}`,
      '-to',
      end.toFixed(3),
      '-c:s',
      'webvtt',
      '-flush_packets',
      '1',
      '-f',
      'webvtt',
      'pipe:1',
    ],
    ...['-map', `0:${clock}`, '-to', (end + 1).toFixed(3), '-c', 'copy', '-f', 'null', '-'],
  ];
  return { args, clockEnd: end * 1e6 };
}
