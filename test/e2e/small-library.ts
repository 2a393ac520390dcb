import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** A file that has just been written is left by a scan until it has been still. */
const LONG_AGO = new Date(2020, 1, 1);

/**
 * A film and an episode of some seconds with pictures, in two libraries: for what needs titles and does not play them.
 * Answers their folders.
 */
export function makeSmallLibrary(dir: string): string[] {
  const [movies, shows] = [join(dir, 'Movies'), join(dir, 'Shows')];
  const film = join(movies, 'Lighthouse (2021)');
  const series = join(shows, 'Harbour Lane (2020)');
  const season = join(series, 'Season 01');
  for (const folder of [film, season]) mkdirSync(folder, { recursive: true });
  const video = join(film, 'Lighthouse (2021).mp4');
  ffmpeg('testsrc2=size=320x180:rate=24:duration=5', '-pix_fmt', 'yuv420p', video);
  copyFileSync(video, join(season, 'Harbour Lane - S01E01 - Low Tide.mp4'));
  for (const [i, folder] of [film, series].entries()) {
    ffmpeg(`color=${i === 0 ? 'teal' : 'maroon'}:size=200x300`, '-frames:v', '1', join(folder, 'poster.jpg'));
    ffmpeg(`color=${i === 0 ? 'navy' : 'olive'}:size=640x360`, '-frames:v', '1', join(folder, 'fanart.jpg'));
  }
  for (const name of readdirSync(dir, { recursive: true })) {
    utimesSync(join(dir, name as string), LONG_AGO, LONG_AGO);
  }
  return [movies, shows];
}

function ffmpeg(source: string, ...output: string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...output], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
}
