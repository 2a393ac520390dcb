import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cropFilters } from '../../agent/ffmpeg/picture-filters.ts';
import { probe } from '../../agent/library/probe/probe.ts';
import { BINARIES, DIRECT, execute, planOf, stage, videoTranscode, wholeOf } from './playback-stage.ts';

const theatre = await stage();
const dir = await mkdtemp(join(tmpdir(), 'hearthcast-crop-'));
afterAll(async () => {
  await theatre[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

/** White, 160 × 80, between black bars of 20 lines that are part of the coded picture. */
async function film(name: string, sar: string): Promise<Buffer> {
  const path = join(dir, `plain-${name}`);
  const picture = ['-f', 'lavfi', '-i', `color=white:s=160x80:r=25:d=2,pad=160:120:0:20:black,setsar=${sar}`];
  await execute('ffmpeg', ['-v', 'error', '-y', ...picture, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', path]);
  return readFile(path);
}

/** Matroska: the size at which it is shown gives way to what is cut off, which ffmpeg cannot write. */
function croppedMatroska(bytes: Buffer): Buffer {
  const replace = (from: string, to: string) => {
    const at = bytes.indexOf(Buffer.from(from, 'hex'));
    if (at < 0) throw new Error(`no ${from} to replace`);
    Buffer.from(to, 'hex').copy(bytes, at);
  };
  replace('54b08110', '54bb8114');
  replace('54ba8109', '54aa8114');
  return bytes;
}

/** MP4: a `clap` in the sample entry, of 160 × 80 around the middle; all boxes around it grow. */
function croppedMp4(bytes: Buffer): Buffer {
  const clap = Buffer.alloc(40);
  clap.writeUInt32BE(40, 0);
  clap.write('clap', 4, 'latin1');
  [160, 1, 80, 1, 0, 1, 0, 1].forEach((value, i) => {
    clap.writeInt32BE(value, 8 + i * 4);
  });
  for (const type of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'avc1']) {
    const at = bytes.indexOf(type, bytes.lastIndexOf('moov')) - 4;
    bytes.writeUInt32BE(bytes.readUInt32BE(at) + clap.length, at);
  }
  const behind = bytes.indexOf('avcC', bytes.lastIndexOf('moov')) - 4;
  return Buffer.concat([bytes.subarray(0, behind), clap, bytes.subarray(behind)]);
}

/** How light the middle of the first line of a picture is. */
async function firstLine(path: string, width: number): Promise<number> {
  const args = [
    '-v',
    'error',
    '-i',
    path,
    '-frames:v',
    '1',
    '-vf',
    `crop=${width}:80:0:0,format=gray`,
    '-f',
    'rawvideo',
    '-',
  ];
  const { stdout } = await execute('ffmpeg', args, { encoding: 'buffer' } as object);
  return (stdout as unknown as Buffer).readUInt8(width / 2);
}

describe('what a container cuts off the coded picture', () => {
  it.each([
    ['film.mkv', croppedMatroska, '4/3'],
    ['film.mp4', croppedMp4, '1/1'],
  ])('is not seen in a transcode or its previews: %s', async (name, crop, sar) => {
    const path = join(dir, name);
    await writeFile(path, crop(await film(name, sar)));
    const { size, mtimeMs } = await stat(path);
    const shape = { recognised: true, expectedSize: null };
    const found = await probe(BINARIES.ffprobe, { path, size, shape }, AbortSignal.timeout(30_000));
    if ('problem' in found) throw new Error(found.problem.detail);
    const [video] = found.media.video;
    expect(video).toMatchObject({ width: 160, height: 80, cropped: true, crop: { left: 0, top: 20 } });
    expect(video?.sar).toEqual({ num: 1, den: 1 });
    const fingerprint = Buffer.from(name).toString('hex').padEnd(32, '0');
    const copy = { path, size, mtimeMs, fingerprint, media: found.media, externalSubtitles: new Map() };
    if (!video) throw new Error('no picture');
    const { assembled } = await theatre.open(copy, planOf([videoTranscode(video, 80)], []));
    expect(await firstLine(await assembled('v80', [0]), 160)).toBeGreaterThan(200);
    const { bytes } = await theatre.open(copy, DIRECT);
    const sheet = join(dir, `${name}.jpg`);
    await writeFile(sheet, await wholeOf(await bytes({ kind: 'trickplay', sheet: 0 })));
    const [, tile] =
      /#xywh=0,0,(\d+,\d+)/.exec((await wholeOf(await bytes({ kind: 'trickplay', sheet: null }))).toString()) ?? [];
    expect(tile).toBe('320,160');
    expect(await firstLine(sheet, 320)).toBeGreaterThan(200);
  });
});

it('what is too large is cut where the container says, and what is cut already is left as it is', async () => {
  const [filter = ''] = cropFilters({ crop: { left: 4, top: 20 }, width: 160, height: 80 });
  const shown = async (size: string) => {
    const args = ['-hide_banner', '-f', 'lavfi', '-i', `color=s=${size}:d=0.04`, '-vf', `${filter},showinfo`];
    const { stderr } = await execute('ffmpeg', [...args, '-f', 'null', '-']);
    return /showinfo.*\bs:(\S+)/.exec(stderr)?.[1];
  };
  expect(await shown('168x120')).toBe('160x80');
  expect(await shown('160x80')).toBe('160x80');
});
