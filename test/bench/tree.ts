import { execFile } from 'node:child_process';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const LONG_AGO = new Date('2024-05-01T12:00:00Z');
const FILES_PER_FOLDER = 50;
const FILMS_IN_FLIGHT = 16;

/** A tree of empty files that are named like films: all that a scan does but read them. */
export async function plantEmpty(root: string, count: number): Promise<void> {
  await plant(root, count, async (stem) => {
    await writeFile(`${stem}.mp4`, '');
    return `${stem}.mp4`;
  });
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
    await execute('ffmpeg', ['-v', 'error', ...picture, ...coding, join(scratch, `film.${kind}`)]);
  const films = await Promise.all(kinds.map((kind) => readFile(join(scratch, `film.${kind}`))));
  await plant(root, count, async (stem, i) => {
    const path = `${stem}.${kinds[i % 2]}`;
    if (sidecars) await writeFile(`${stem}.nfo`, nfo(i));
    await writeFile(path, Buffer.concat([films[i % 2] as Buffer, i % 2 === 0 ? freeBox(i) : voidElement(i)]));
    return path;
  });
}

async function plant(root: string, count: number, make: (stem: string, i: number) => Promise<string>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < count; i = next++) {
      const folder = join(root, `Folder ${Math.floor(i / FILES_PER_FOLDER)}`);
      await mkdir(folder, { recursive: true });
      await utimes(await make(join(folder, `Film ${i} (2020)`), i), LONG_AGO, LONG_AGO);
    }
  };
  await Promise.all(Array.from({ length: FILMS_IN_FLIGHT }, worker));
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
