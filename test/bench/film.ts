import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const MIB = 1024 * 1024;

export const FILM_TITLE = 'Benchmark';

/** A film that plays direct, grown to its size by a box that players pass over. */
export function makeFilm(dir: string, mebibytes: number): string {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${FILM_TITLE} (2020).mp4`);
  const args = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=24:duration=10', '-c:v', 'libx264'];
  const made = spawnSync('ffmpeg', [...args, '-pix_fmt', 'yuv420p', '-movflags', '+faststart', file]);
  if (made.status !== 0) throw new Error(`ffmpeg: ${made.stderr}`);
  const header = Buffer.alloc(8);
  header.writeUInt32BE(mebibytes * MIB, 0);
  header.write('free', 4);
  appendFileSync(file, header);
  for (let i = 0; i < mebibytes; i++) appendFileSync(file, Buffer.alloc(i === 0 ? MIB - 8 : MIB, i));
  return file;
}
