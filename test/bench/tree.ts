import { execFile } from 'node:child_process';
import { closeSync, futimesSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const LONG_AGO = new Date('2024-05-01T12:00:00Z');
const FILES_PER_FOLDER = 50;

/** A tree of empty files that are named like films: all that a scan does but read them. */
export function plantEmpty(root: string, count: number): void {
  plant(root, count, (stem) => write(`${stem}.mp4`, Buffer.alloc(0)));
}

/** A tree of small real films, MP4 and Matroska by turns, each with a content of its own. */
export async function plantFilms(
  root: string,
  count: number,
  scratch: string,
  { sidecars = false } = {},
): Promise<void> {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=160x96:r=25:d=0.4', '-f', 'lavfi', '-i', 'sine=d=0.4'];
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest'];
  const kinds = ['mp4', 'mkv'];
  for (const kind of kinds)
    await execute('ffmpeg', ['-v', 'error', '-y', ...picture, ...coding, join(scratch, `film.${kind}`)]);
  const films = await Promise.all(kinds.map((kind) => readFile(join(scratch, `film.${kind}`))));
  plant(root, count, (stem, i) => {
    if (sidecars) write(`${stem}.nfo`, Buffer.from(nfo(i)));
    const film = films[i % 2] as Buffer;
    write(`${stem}.${kinds[i % 2]}`, Buffer.concat([film, i % 2 === 0 ? freeBox(i) : voidElement(i)]));
  });
}

/** One file after another: a queue of them costs more than the files do. */
function plant(root: string, count: number, make: (stem: string, i: number) => void): void {
  for (let i = 0; i < count; i++) {
    const folder = join(root, `Folder ${Math.floor(i / FILES_PER_FOLDER)}`);
    if (i % FILES_PER_FOLDER === 0) mkdirSync(folder, { recursive: true });
    make(join(folder, `Film ${i} (2020)`), i);
  }
}

function write(path: string, content: Buffer): void {
  const fd = openSync(path, 'w');
  writeSync(fd, content);
  futimesSync(fd, LONG_AGO, LONG_AGO);
  closeSync(fd);
}

function nfo(i: number): string {
  const actors = [0, 1, 2].map((n) => `<actor><name>Actor ${(i * 7 + n) % 5000}</name><role>Role ${n}</role></actor>`);
  return `<movie><title>Title ${i}</title><year>2020</year><plot>${'A sentence of the plot. '.repeat(8)}</plot><genre>Genre ${i % 20}</genre>${actors.join('')}</movie>`;
}

/** An MP4 box that players pass over: another content, the same film. */
function freeBox(mark: number): Buffer {
  const box = Buffer.alloc(12);
  box.writeUInt32BE(12, 0);
  box.write('free', 4, 'latin1');
  box.writeUInt32BE(mark, 8);
  return box;
}

/** The same in Matroska. */
function voidElement(mark: number): Buffer {
  const element = Buffer.from([0xec, 0x84, 0, 0, 0, 0]);
  element.writeUInt32BE(mark, 2);
  return element;
}
