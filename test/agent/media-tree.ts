import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { type Binaries, locateFfmpeg } from '../../agent/ffmpeg/locate.ts';

/** Long ago, so that nothing counts as still being written. */
const LONG_AGO = new Date('2024-05-01T12:00:00Z');

export const SILENT = pino({ level: 'silent' });

export async function binaries(): Promise<Binaries> {
  const found = await locateFfmpeg();
  if (!found) throw new Error('These tests need ffmpeg and ffprobe.');
  return found;
}

/** A folder for one test file's media and data, removed at its end. */
export class MediaTree implements AsyncDisposable {
  readonly path: string;
  readonly #film: string;

  private constructor(path: string) {
    this.path = path;
    this.#film = join(path, 'film.mp4');
  }

  static async make(): Promise<MediaTree> {
    const tree = new MediaTree(await mkdtemp(join(tmpdir(), 'hearthcast-tree-')));
    await tree.ffmpeg([...PICTURE, '-f', 'lavfi', '-i', 'sine=d=1', ...SMALL, tree.#film]);
    return tree;
  }

  at(path: string): string {
    return join(this.path, path);
  }

  /** A real film of one second, or whatever content is given. Different `marks` give different contents. */
  async put(path: string, content: Uint8Array | string | { mark: string } = { mark: '' }): Promise<string> {
    const file = this.at(path);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === 'object' && 'mark' in content) {
      await copyFile(this.#film, file);
      if (content.mark) await writeFile(file, freeBox(content.mark), { flag: 'a' });
    } else await writeFile(file, content);
    await utimes(file, LONG_AGO, LONG_AGO);
    return file;
  }

  /** Makes a file with ffmpeg; the arguments are without its own path. */
  async make(path: string, args: readonly string[]): Promise<string> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    await this.ffmpeg([...args, this.at(path)]);
    await utimes(this.at(path), LONG_AGO, LONG_AGO);
    return this.at(path);
  }

  async ffmpeg(args: readonly string[]): Promise<void> {
    const { ffmpeg } = await binaries();
    const done = spawnSync(ffmpeg, ['-v', 'error', '-y', ...args], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

export const PICTURE = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=1'];
export const SMALL = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest'];

/** An MP4 box that players pass over: another fingerprint, the same film. */
function freeBox(mark: string): Buffer {
  const body = Buffer.from(mark);
  const box = Buffer.alloc(8 + body.length);
  box.writeUInt32BE(box.length, 0);
  box.write('free', 4, 'latin1');
  body.copy(box, 8);
  return box;
}
