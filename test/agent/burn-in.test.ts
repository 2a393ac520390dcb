import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { boundariesOf, TIMESCALE } from '../../shared/media/timeline.ts';
import { type Box, pgs } from './pgs.ts';
import { execute, indexed, planOf, stage, videoTranscode } from './playback-stage.ts';

const theatre = await stage();
const hdrTheatre = await stage({ capabilities: { transcodeSlots: 4, videoEncoders: ['libx264', 'libx265'] } });
const dir = await mkdtemp(join(tmpdir(), 'hearthcast-burn-in-'));
afterAll(async () => {
  await Promise.all([theatre, hdrTheatre].map((each) => each[Symbol.asyncDispose]()));
  await rm(dir, { recursive: true });
});

/** The film is black, 320 × 180 and 24 s long; the box stands from 6 s to 14 s, low in the middle of the canvas. */
const BOX: Box = { from: 6, to: 14, x: 480, y: 800, width: 960, height: 160 };
const BLACK = ['-f', 'lavfi', '-i', 'color=black:s=320x180:r=25:d=24'];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50'];

async function film(name: string, codec: string, more: readonly string[] = []): Promise<IndexedCopy> {
  const sup = join(dir, 'box.sup');
  await writeFile(sup, pgs({ width: 1920, height: 1080 }, [BOX]));
  const path = join(dir, name);
  // ffmpeg takes an input's first time off all its times.
  const input = [
    ...BLACK,
    ...(codec === 'copy' ? [] : ['-fix_sub_duration']),
    '-itsoffset',
    String(BOX.from),
    '-i',
    sup,
    '-map',
    '0',
    '-map',
    '1',
  ];
  await execute('ffmpeg', ['-v', 'error', '-y', ...input, ...X264, '-c:s', codec, ...more, path]);
  const copy = await indexed(path);
  const subtitles = copy.media.subtitles.map((track) => ({ ...track, form: 'image' as const }));
  return { ...copy, media: { ...copy.media, subtitles } };
}

/** How light the middle of the box, and the middle of the picture above it, are at a second of the film. */
async function light(copy: IndexedCopy, stream: number, second: number): Promise<{ box: boolean; above: boolean }> {
  const [video] = copy.media.video;
  if (!video) throw new Error('no picture');
  const rendition = videoTranscode(video, 180, { burnIn: stream });
  const opened = await theatre.open(copy, planOf([rendition], []));
  const boundaries = boundariesOf(opened.answer.timeline ?? { runs: [] }).map((ticks) => ticks / TIMESCALE);
  const k = boundaries.findLastIndex((start) => start <= second);
  const file = await opened.assembled('v180', [k]);
  theatre.playback.close({ session: opened.id, generation: 1 });
  const at = second - (boundaries[k] ?? 0);
  const args = [
    '-v',
    'error',
    '-i',
    file,
    '-vf',
    `select=gte(n\\,${Math.round(at * 25)}),format=gray`,
    '-frames:v',
    '1',
  ];
  const { stdout } = await execute('ffmpeg', [...args, '-f', 'rawvideo', '-'], { encoding: 'buffer' } as object);
  const pixels = stdout as unknown as Buffer;
  const pixel = (x: number, y: number) => (pixels[y * 320 + x] ?? 0) > 128;
  return { box: pixel(160, 146), above: pixel(160, 60) };
}

describe('subtitles that are pictures, painted into the film', () => {
  it.each([
    ['PGS', 'pgs.mkv', 'copy', []],
    ['DVB', 'dvb.ts', 'dvbsub', ['-output_ts_offset', '100']],
    ['VobSub', 'vobsub.mkv', 'dvdsub', []],
  ] as const)('stand where and when they should: %s', async (_name, file, codec, more) => {
    const copy = await film(file, codec, more);
    const stream = copy.media.subtitles[0]?.index ?? -1;
    expect(await light(copy, stream, 3)).toEqual({ box: false, above: false });
    expect(await light(copy, stream, 8)).toEqual({ box: true, above: false });
    // A process that begins here never sees the beginning of what stands.
    expect(await light(copy, stream, 13)).toEqual({ box: true, above: false });
    expect(await light(copy, stream, 20)).toEqual({ box: false, above: false });
  });

  it('come from a file beside the film too', async () => {
    const copy = await film('plain.mkv', 'copy');
    const [track] = copy.media.subtitles;
    if (!track) throw new Error('no subtitles');
    const subtitles = [{ ...track, index: 1000, external: true }];
    const beside = new Map([[1000, { path: join(dir, 'box.sup'), stream: 0 }]]);
    const other = { ...copy, media: { ...copy.media, subtitles }, externalSubtitles: beside };
    expect(await light(other, 1000, 8)).toEqual({ box: true, above: false });
    expect(await light(other, 1000, 20)).toEqual({ box: false, above: false });
  });

  it('are refused as content where they are gone', async () => {
    const copy = await film('gone.mkv', 'copy');
    await expect(light(copy, 77, 8)).rejects.toMatchObject({ class: 'content', code: 'not-found' });
  });

  /** A film of HDR10 in an even grey of ten bits, with the box; the luma in the box and above it at its 8th second. */
  async function lumaInHdr(more: Parameters<typeof videoTranscode>[2]): Promise<{ box: number; above: number }> {
    const params = [
      '-x265-params',
      'keyint=50:log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc',
    ];
    const hdr = ['-c:v', 'libx265', '-preset', 'ultrafast', ...params, '-pix_fmt', 'yuv420p10le'];
    const light = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];
    const copy = await film('hdr.mkv', 'copy', [...hdr, ...light]);
    const [video] = copy.media.video;
    if (!video) throw new Error('no picture');
    const burnIn = copy.media.subtitles[0]?.index ?? -1;
    const { assembled, answer } = await hdrTheatre.open(
      copy,
      planOf([videoTranscode(video, 180, { burnIn, ...more })], []),
    );
    const boundaries = boundariesOf(answer.timeline ?? { runs: [] }).map((ticks) => ticks / TIMESCALE);
    const file = await assembled('v180', [boundaries.findLastIndex((start) => start <= 8)]);
    const args = ['-v', 'error', '-i', file, '-frames:v', '1', '-vf', 'format=gray16le', '-f', 'rawvideo', '-'];
    const { stdout } = await execute('ffmpeg', args, { encoding: 'buffer' } as object);
    const pixels = stdout as unknown as Buffer;
    const pixel = (x: number, y: number) => pixels.readUInt16LE((y * 320 + x) * 2) / 65_535;
    return { box: pixel(160, 146), above: pixel(160, 60) };
  }

  it('are as bright as a page over HDR, and white over what was made of it for an ordinary screen', async () => {
    const sdr = await lumaInHdr({ tonemap: true });
    expect(sdr.box).toBeGreaterThan(0.95);
    expect(sdr.above).toBeLessThan(0.1);
    const kept = await lumaInHdr({ codec: 'hevc', codecs: 'hvc1.2.4.L60.B0', range: 'PQ' });
    expect(kept.box).toBeGreaterThan(0.5);
    expect(kept.box).toBeLessThan(0.66);
    expect(kept.above).toBeLessThan(0.1);
  });
});
