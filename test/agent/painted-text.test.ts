import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { boundariesOf, TIMESCALE } from '../../shared/media/timeline.ts';
import { execute, indexed, planOf, type Stage, stage, videoTranscode } from './playback-stage.ts';

const capabilities = { transcodeSlots: 4, videoEncoders: ['libx264', 'libx265'] };
const cacheDir = await mkdtemp(join(tmpdir(), "hearthcast it's: [a], 'cache'-"));
const theatre = await stage({ capabilities, cacheDir });
const dir = await mkdtemp(join(tmpdir(), 'hearthcast-painted-'));
afterAll(async () => {
  await theatre[Symbol.asyncDispose]();
  await Promise.all([dir, cacheDir].map((each) => rm(each, { recursive: true })));
});

/** Black, 320 × 180, 24 s; the words stand from 6 s to 14 s, where the format puts them: low in the middle. */
const FILM = ['-f', 'lavfi', '-i', 'color=black:s=320x180:r=25:d=24'];
const X264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50'];
const SRT = '1\n00:00:06,000 --> 00:00:14,000\nMMMMMMMMMMMM\n';
/** The same, large and at the upper edge, in a letter that no machine has. */
const ASS = [
  ...['[Script Info]', 'ScriptType: v4.00+', 'PlayResX: 320', 'PlayResY: 180', '', '[V4+ Styles]'],
  'Format: Name, Fontname, Fontsize, PrimaryColour, Bold, BorderStyle, Outline, Shadow, Alignment, MarginV, Encoding',
  'Style: Default,Nobody Has This,40,&H00FFFFFF,0,1,0,0,8,5,1',
  ...['', '[Events]', 'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text'],
  'Dialogue: 0,0:00:06.00,0:00:14.00,Default,,0,0,0,,MMMMMM',
].join('\n');

async function film(name: string, words: string, more: readonly string[]): Promise<IndexedCopy> {
  const path = join(dir, name);
  const source = join(dir, `${name}.${words === ASS ? 'ass' : 'srt'}`);
  await writeFile(source, words);
  const inputs = [...FILM, '-i', source, '-map', '0', '-map', '1'];
  await execute('ffmpeg', ['-v', 'error', '-y', ...inputs, ...X264, ...more, path]);
  return indexed(path);
}

/** How light the upper and the lower half of the picture are at a second of the film: their brightest pixel, 0 to 1. */
async function light(house: Stage, copy: IndexedCopy, second: number, more: Parameters<typeof videoTranscode>[2] = {}) {
  const [video] = copy.media.video;
  const [track] = copy.media.subtitles;
  if (!video || !track) throw new Error('no picture or no words');
  const opened = await house.open(copy, planOf([videoTranscode(video, 180, { burnIn: track.index, ...more })], []));
  const boundaries = boundariesOf(opened.answer.timeline ?? { runs: [] }).map((ticks) => ticks / TIMESCALE);
  const k = boundaries.findLastIndex((start) => start <= second);
  const file = await opened.assembled('v180', [k]);
  house.playback.close({ session: opened.id, generation: 1 });
  const frame = Math.round((second - (boundaries[k] ?? 0)) * 25);
  const filters = `select=gte(n\\,${frame}),format=gray16le`;
  const args = ['-v', 'error', '-i', file, '-vf', filters, '-frames:v', '1', '-f', 'rawvideo', '-'];
  const { stdout } = await execute('ffmpeg', args, { encoding: 'buffer' } as object);
  const bytes = stdout as unknown as Buffer;
  const brightest = (from: number, to: number) => {
    let most = 0;
    for (let at = from * 640; at < to * 640; at += 2) most = Math.max(most, bytes.readUInt16LE(at) / 65_535);
    return most;
  };
  return { above: brightest(0, 90), below: brightest(90, 180) };
}

const shown = ({ above, below }: { above: number; below: number }) => ({ above: above > 0.5, below: below > 0.5 });

describe('text that is painted into the film', () => {
  it.each([
    ['SRT', 'srt.mkv', ['-c:s', 'srt']],
    ['mov_text', 'text.mp4', ['-c:s', 'mov_text']],
    ['SRT in a film whose clock begins at 30 s', 'late.mkv', ['-c:s', 'srt', '-output_ts_offset', '30']],
  ] as const)('stands when it should, wherever the process begins: %s', async (_name, file, more) => {
    const copy = await film(file, SRT, more);
    expect(shown(await light(theatre, copy, 5.9))).toEqual({ above: false, below: false });
    expect(shown(await light(theatre, copy, 6.1))).toEqual({ above: false, below: true });
    // This process never sees the pictures where the words began.
    expect(shown(await light(theatre, copy, 13.9))).toEqual({ above: false, below: true });
    expect(shown(await light(theatre, copy, 14.1))).toEqual({ above: false, below: false });
  });

  it('has the places and sizes of ASS', async () => {
    const copy = await film('styled.mkv', ASS, ['-c:s', 'ass']);
    expect(shown(await light(theatre, copy, 8))).toEqual({ above: true, below: false });
    expect(shown(await light(theatre, copy, 20))).toEqual({ above: false, below: false });
  });

  it('comes from a file beside the film, and is painted anew where that was changed', async () => {
    const copy = await film('plain.mkv', SRT, ['-c:s', 'srt']);
    const path = join(dir, "it's, [beside]: %d.srt");
    await writeFile(path, SRT);
    const subtitles = copy.media.subtitles.map((track) => ({ ...track, index: 1000, external: true }));
    const beside = { externalSubtitles: new Map([[1000, { path, stream: 0 }]]) };
    const other = { ...copy, media: { ...copy.media, subtitles }, ...beside };
    expect(shown(await light(theatre, other, 8))).toEqual({ above: false, below: true });
    await writeFile(path, SRT.replace('00:00:06', '00:00:12'));
    expect(shown(await light(theatre, other, 8))).toEqual({ above: false, below: false });
  });

  it('is as bright as a page in HDR', async () => {
    const params = 'keyint=50:log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc';
    const hdr = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', params, '-pix_fmt', 'yuv420p10le'];
    const copy = await film('hdr.mkv', SRT, ['-c:s', 'srt', ...hdr]);
    const kept = { codec: 'hevc', codecs: 'hvc1.2.4.L60.B0', range: 'PQ' } as const;
    const { above, below } = await light(theatre, copy, 8, kept);
    expect(above).toBeLessThan(0.1);
    expect(below).toBeGreaterThan(0.5);
    expect(below).toBeLessThan(0.66);
  });

  it('leaves nothing behind when its sessions have ended', async () => {
    await vi.waitFor(async () => expect(await readdir(join(cacheDir, 'painted'))).toEqual([]), { timeout: 20_000 });
  });
});
