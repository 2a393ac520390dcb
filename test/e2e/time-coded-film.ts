import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TIME_CODE_SIZE, timeCodeVideo } from '../../scripts/demo/time-code.ts';

const QUIET = ['-hide_banner', '-nostdin', '-v', 'error', '-y'];

/** Constant by filler, so that the bytes last: a player cannot swallow the film before anything goes wrong. */
const RATE = ['-b:v', '4M', '-minrate', '4M', '-maxrate', '4M', '-bufsize', '4M'];
const PICTURE = ['-c:v', 'libx264', '-preset', 'ultrafast', '-profile:v', 'high', '-g', '24', ...RATE];

/** A whole number of AAC's frames. */
const BEEPS_S = 8;

export interface FilmFiles {
  /** Plays as it is. */
  direct: string;
  /** The same picture in Matroska with a sound that browsers do not know: copied picture, converted sound. */
  remux: string;
}

/** Makes films of 4 Mbit/s with the demo library's time code in the picture, minutes long, in seconds. */
export function makeFilms(dir: string, seconds: number): FilmFiles {
  mkdirSync(dir, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'hearthcast-code-'));
  try {
    const code = join(scratch, 'code.gray');
    writeFileSync(code, timeCodeVideo(seconds));
    // Encoding sound takes longer than all the pictures: it is the same beep each second.
    const beeps = join(scratch, 'beeps.aac');
    // Silence between: a tone that never ends costs the encoder of each viewer's sound five times as much.
    const beep = `sine=frequency=1176:sample_rate=48000:duration=${BEEPS_S},volume=0:enable='gt(mod(t,1),0.1)'`;
    ffmpeg(['-f', 'lavfi', '-i', beep, '-c:a', 'aac', '-b:a', '128k', '-ac', '2', beeps]);
    const films = { direct: join(dir, 'Beacon (2020).mp4'), remux: join(dir, 'Anchor (2021).mkv') };
    const { width, height } = TIME_CODE_SIZE;
    ffmpeg([
      ...['-f', 'rawvideo', '-pix_fmt', 'gray', '-video_size', `${width}x${height}`, '-framerate', '1', '-i', code],
      ...['-stream_loop', '-1', '-i', beeps],
      ...[
        '-filter_complex',
        '[0:v]pad=1280:720:(ow-iw)/2:oh-ih-40,scale=640:360,format=yuv420p,fps=12[v]',
        '-map',
        '[v]',
      ],
      ...['-map', '1:a', '-t', String(seconds), '-threads', '2', ...PICTURE],
      ...['-x264-params', 'nal-hrd=cbr:filler=1', '-c:a', 'copy'],
      ...['-movflags', '+faststart', films.direct],
    ]);
    ffmpeg(['-i', films.direct, '-c:v', 'copy', '-c:a', 'ac3', '-b:a', '192k', films.remux]);
    return films;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The same picture and sound in a codec that no browser knows: it has to be encoded for whoever watches. */
export function recode(film: string, path: string): string {
  ffmpeg(['-i', film, '-c:v', 'mpeg4', '-q:v', '4', '-g', '24', '-threads', '2', '-c:a', 'ac3', '-b:a', '192k', path]);
  return path;
}

/** The same picture and sound in another file: other bytes, another copy. */
export function rewrap(film: string, path: string): string {
  ffmpeg(['-i', film, '-c', 'copy', '-metadata', 'comment=another cut', '-movflags', '+faststart', path]);
  return path;
}

/** Gives a machine a folder of its own with copies of the films: the same bytes under names of its own. */
export function shareFilms(dir: string, films: readonly string[]): string {
  mkdirSync(dir, { recursive: true });
  for (const film of films) linkSync(film, join(dir, film.split('/').at(-1) ?? 'film'));
  return dir;
}

function ffmpeg(args: readonly string[]): void {
  const done = spawnSync('ffmpeg', [...QUIET, ...args], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`ffmpeg: ${done.stderr}`);
}
