import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DIRECT, execute, indexed, stage, wholeOf } from './playback-stage.ts';
import { sample } from './samples.ts';

const theatre = await stage();
const dir = await mkdtemp(join(tmpdir(), 'hearthcast-fonts-'));
afterAll(async () => {
  await theatre[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

/** A film with attachments, each a name and its bytes. */
async function film(attached: readonly (readonly [name: string, bytes: Buffer])[]) {
  const more: string[] = [];
  for (const [i, [name, bytes]] of attached.entries()) {
    await writeFile(join(dir, name), bytes);
    more.push('-attach', join(dir, name), `-metadata:s:t:${i}`, 'mimetype=application/x-truetype-font');
  }
  const path = join(dir, 'film.mkv');
  await execute('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    await sample('film.mkv'),
    '-map',
    '0',
    '-c',
    'copy',
    ...more,
    path,
  ]);
  const copy = await indexed(path);
  const subtitles = copy.media.subtitles.filter(({ codec }) => codec === 'subrip');
  return { ...copy, media: { ...copy.media, subtitles } };
}

const TTF = Buffer.concat([Buffer.from([0, 1, 0, 0]), Buffer.alloc(2000, 7)]);
const PAGE = Buffer.from('<script>alert(1)</script>');

describe('fonts that are attached to a film', () => {
  it('are listed and come as they are, and nothing else does', async () => {
    const copy = await film([
      ['Sign.TTF', TTF],
      ['page.ttf', PAGE],
      ['notes.txt', PAGE],
    ]);
    const { bytes } = await theatre.open(copy, DIRECT);
    const list = await bytes({ kind: 'font', font: null });
    expect(list.contentType).toBe('application/json');
    const { fonts } = JSON.parse((await wholeOf(list)).toString()) as { fonts: number[] };
    expect(fonts).toHaveLength(2);
    const [first = -1, second = -1] = fonts;
    for (const _ of ['made', 'kept']) {
      const font = await bytes({ kind: 'font', font: first });
      expect(font.contentType).toBe('font/ttf');
      expect((await wholeOf(font)).equals(await readFile(join(dir, 'Sign.TTF')))).toBe(true);
    }
    await expect(bytes({ kind: 'font', font: second })).rejects.toMatchObject({ class: 'content' });
    await expect(bytes({ kind: 'font', font: 0 })).rejects.toMatchObject({ class: 'content' });
  });

  it('are none of most films', async () => {
    const { bytes } = await theatre.open(await indexed(await sample('film.mp4')), DIRECT);
    expect((await wholeOf(await bytes({ kind: 'font', font: null }))).toString()).toBe('{"fonts":[]}');
  });
});
