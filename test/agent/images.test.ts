import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageSource } from '../../agent/library/copies.ts';
import { execute, type Stage, stage, wholeOf } from './playback-stage.ts';
import { sample } from './samples.ts';

const sources = new Map<string, ImageSource>();
let theatre: Stage;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'hearthcast-images-'));
  theatre = await stage({ copies: { copy: () => null, image: (id) => sources.get(id) ?? null } });
});
afterAll(async () => {
  await theatre[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

let ids = 0;
async function picture(source: ImageSource, width: number) {
  const id = String(++ids).padStart(32, '0');
  sources.set(id, source);
  const request = { session: null, generation: 0, resource: { kind: 'image', image: id, width } as const, range: null };
  const answer = await theatre.playback.bytes(request, AbortSignal.timeout(30_000));
  const path = join(dir, `${id}.jpg`);
  await writeFile(path, await wholeOf(answer));
  const entries = ['-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0'];
  return { answer, shape: (await execute('ffprobe', ['-v', 'error', ...entries, path])).stdout.trim() };
}

describe('a picture', () => {
  it.each(['jpg', 'png', 'webp', 'gif', 'bmp'])('of a %s file is scaled down to a JPEG', async (type) => {
    // A name that ffmpeg would take for a sequence of files.
    const path = join(dir, `poster 100%03d.${type}`);
    const args = ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=600x900', '-frames:v', '1', '-update', '1'];
    await execute('ffmpeg', [...args, join(dir, `poster.${type}`)]);
    await rename(join(dir, `poster.${type}`), path);
    const { answer, shape } = await picture({ kind: 'file', path }, 200);
    expect(answer.contentType).toBe('image/jpeg');
    expect(shape).toBe('mjpeg,200,300');
  });

  it.each(['png', 'webp'])('of a %s file that is clear stays so', async (type) => {
    const path = join(dir, `logo.${type}`);
    const clear = 'color=c=red@0.5:s=600x200,format=rgba';
    await execute('ffmpeg', ['-v', 'error', '-y', '-f', 'lavfi', '-i', clear, '-frames:v', '1', path]);
    const { answer, shape } = await picture({ kind: 'file', path }, 300);
    expect([answer.contentType, shape]).toEqual(['image/png', 'png,300,100']);
  });

  it('is never blown up', async () => {
    const path = join(dir, 'small.png');
    await execute('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=64x36', '-frames:v', '1', path]);
    expect((await picture({ kind: 'file', path }, 1600)).shape).toBe('mjpeg,64,36');
  });

  it('of a film is a frame of it', async () => {
    const { shape } = await picture({ kind: 'frame', path: await sample('film.mkv'), atMs: 9000, hdr: false }, 320);
    expect(shape).toBe('mjpeg,320,180');
  });

  it('that only calls itself one is refused, and what it names is not read', async () => {
    const path = join(dir, 'poster.jpg');
    await writeFile(path, '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n');
    await expect(picture({ kind: 'file', path }, 200)).rejects.toMatchObject({ code: 'content-broken' });
    await expect(picture({ kind: 'file', path: join(dir, 'none.jpg') }, 200)).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('that is not announced is not found', async () => {
    const resource = { kind: 'image', image: 'f'.repeat(32), width: 200 } as const;
    const request = { session: null, generation: 0, resource, range: null };
    await expect(theatre.playback.bytes(request, new AbortController().signal)).rejects.toMatchObject({
      class: 'content',
      code: 'not-found',
    });
  });
});
