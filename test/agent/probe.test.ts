import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Probed, probe } from '../../agent/library/probe/probe.ts';
import { readContent } from '../../agent/library/reader/content.ts';
import { MediaInfo } from '../../shared/media/media-info.ts';
import { binaries, MediaTree, PICTURE, SMALL } from './media-tree.ts';

let tree: MediaTree;

beforeAll(async () => {
  tree = await MediaTree.make();
});
afterAll(() => tree[Symbol.asyncDispose]());

async function probed(path: string): Promise<Probed> {
  const { ffprobe } = await binaries();
  const { size } = statSync(path);
  return await probe(ffprobe, { path, size, shape: readContent(path, size).shape }, AbortSignal.timeout(20_000));
}

async function media(path: string): Promise<MediaInfo> {
  const result = await probed(path);
  if ('problem' in result) throw new Error(result.problem.detail);
  return MediaInfo.parse(result.media);
}

test('an MP4 of H.264 and AAC is described in the words of the protocol', async () => {
  const file = await tree.make('plain.mp4', [...PICTURE, '-f', 'lavfi', '-i', 'sine=d=1', ...SMALL]);
  const { container, durationMs, video, audio } = await media(file);
  expect(container).toBe('mp4');
  expect(durationMs).toBe(1000);
  expect(video).toMatchObject([
    { index: 0, codec: 'h264', width: 160, height: 90, frameRate: { num: 25, den: 1 }, sar: { num: 1, den: 1 } },
  ]);
  expect(video).toMatchObject([{ bitDepth: 8, hdr: 'none', interlaced: false, rotation: 0 }]);
  expect(audio).toMatchObject([{ index: 1, codec: 'aac', channels: 1, sampleRate: 44_100 }]);
});

test('HDR, ten bits and an odd frame rate are seen', async () => {
  const file = await tree.make('hdr.mkv', [
    ...[
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=160x90:r=24000/1001:d=1',
      '-pix_fmt',
      'yuv420p10le',
      '-c:v',
      'libx265',
      '-preset',
    ],
    ...['ultrafast', '-x265-params', 'log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc'],
    ...['-color_trc', 'smpte2084', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc'],
  ]);
  const { container, video } = await media(file);
  expect(container).toBe('mkv');
  expect(video).toMatchObject([
    { codec: 'hevc', profile: 'Main 10', bitDepth: 10, hdr: 'hdr10', frameRate: { num: 24_000, den: 1001 } },
  ]);
});

test('interlaced MPEG-2 with wide pixels in a transport stream is seen as that', async () => {
  const file = await tree.make('tv.ts', [
    ...[
      '-f',
      'lavfi',
      '-i',
      'testsrc2=s=720x576:r=25:d=1',
      '-vf',
      'setsar=64/45,setfield=tff',
      '-flags',
      '+ilme+ildct',
    ],
    ...['-c:v', 'mpeg2video', '-top', '1'],
  ]);
  const { container, video, startTime } = await media(file);
  expect(container).toBe('ts');
  expect(startTime).toBeGreaterThan(1);
  expect(video).toMatchObject([{ codec: 'mpeg2video', interlaced: true, sar: { num: 64, den: 45 } }]);
});

test('languages, titles, flags, chapters and covers are read from Matroska', async () => {
  await tree.put('in.srt', '1\n00:00:00,000 --> 00:00:00,900\nHello\n');
  await tree.put(
    'in.txt',
    ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1000\n',
  );
  const cover = await tree.make('cover.jpg', [...PICTURE, '-frames:v', '1']);
  const file = await tree.make('rich.mkv', [
    ...[...PICTURE, '-f', 'lavfi', '-i', 'sine=d=1', '-i', tree.at('in.srt'), '-i', tree.at('in.txt')],
    ...[
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-map',
      '1:a',
      '-map',
      '2:s',
      '-map_metadata',
      '3',
      '-map_chapters',
      '3',
      ...SMALL,
      '-c:s',
      'srt',
    ],
    ...['-metadata:s:a:0', 'language=eng', '-metadata:s:a:1', 'language=ger', '-metadata:s:a:1', 'title=Kommentar'],
    ...['-disposition:a:0', '0', '-disposition:a:1', 'default', '-metadata:s:s:0', 'language=eng'],
    ...['-disposition:s:0', 'forced+hearing_impaired', '-attach', cover, '-metadata:s:t', 'mimetype=image/jpeg'],
  ]);
  const { video, audio, subtitles, chapters } = await media(file);
  expect(video).toHaveLength(1);
  expect(audio).toMatchObject([
    { language: 'eng', title: null, default: false },
    { language: 'ger', title: 'Kommentar', default: true },
  ]);
  expect(subtitles).toMatchObject([
    { codec: 'subrip', form: 'text', language: 'eng', forced: true, sdh: true, external: false },
  ]);
  expect(chapters).toEqual([
    { startMs: 0, title: 'One' },
    { startMs: 500, title: null },
  ]);
});

test('WebM is told from Matroska by its codecs and its name', async () => {
  const file = await tree.make('web.webm', [...PICTURE, '-c:v', 'libvpx-vp9', '-deadline', 'realtime']);
  expect((await media(file)).container).toBe('webm');
});

test('MP4 and Matroska that lack their end are cut off, whether or not their head is whole', async () => {
  const slow = await tree.make('slow.mp4', [...PICTURE, ...SMALL]);
  const fast = await tree.make('fast.mp4', [...PICTURE, ...SMALL, '-movflags', '+faststart']);
  const matroska = await tree.make('whole.mkv', [...PICTURE, ...SMALL]);
  for (const [i, whole] of [slow, fast, matroska].entries()) {
    const bytes = await readFile(whole);
    const cut = await tree.put(`cut-${i}${whole.slice(-4)}`, bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    expect(await probed(cut)).toMatchObject({ problem: { code: 'truncated' } });
  }
});

test('an aborted probe rejects and leaves no verdict', async () => {
  const { ffprobe } = await binaries();
  const path = await tree.put('film-to-abort.mp4');
  const shape = { recognised: true, expectedSize: null };
  await expect(probe(ffprobe, { path, size: 1, shape }, AbortSignal.abort())).rejects.toThrow(/abort/i);
});

test('equal contents have equal fingerprints wherever they lie, and a change of one byte in a sample shows', async () => {
  const bytes = Buffer.alloc(3_000_000, 7);
  const [a, b] = [await tree.put('a.bin', bytes), await tree.put('b.bin', bytes)];
  expect(readContent(a, bytes.length).fingerprint).toBe(readContent(b, bytes.length).fingerprint);
  for (const at of [0, bytes.length - 1, Math.floor(bytes.length / 9) + 5]) {
    const changed = Buffer.from(bytes);
    changed[at] = 8;
    const c = await tree.put('c.bin', changed);
    expect(readContent(c, changed.length).fingerprint).not.toBe(readContent(a, bytes.length).fingerprint);
  }
});

test('a download whose room was taken beforehand is told from the finished one, at whatever place it stands', async () => {
  const finished = Buffer.alloc(3_000_000);
  for (let i = 0; i < finished.length; i++) finished[i] = (i * 31 + (i >> 8)) & 0xff || 1;
  const whole = readContent(await tree.put('finished.mp4', finished), finished.length).fingerprint;
  for (const share of [0.02, 0.3, 0.7, 0.99]) {
    // First and last pieces are often fetched before the rest, which is zeros until then.
    const half = Buffer.alloc(finished.length);
    finished.copy(half, 0, 0, Math.floor(finished.length * share));
    finished.copy(half, finished.length - 65_536, finished.length - 65_536);
    const early = readContent(await tree.put(`half-${share}.mp4`, half), half.length).fingerprint;
    expect([share, early === whole]).toEqual([share, share === 0.99]);
  }
});

test.each(['mkv', 'webm', 'mp4', 'mov', 'wmv', 'ts', 'flv'])(
  'a %s whose clock begins late is as long as its film',
  async (extension) => {
    const codecs: Record<string, string[]> = {
      webm: ['-c:v', 'libvpx', '-c:a', 'libopus'],
      wmv: ['-c:v', 'wmv2', '-c:a', 'wmav2'],
    };
    const how = codecs[extension] ?? ['-c:v', 'libx264', '-c:a', 'aac'];
    const args = [...PICTURE, '-f', 'lavfi', '-i', 'sine=d=1:r=48000', ...how, '-ar', '48000'];
    const { durationMs, startTime } = await media(
      await tree.make(`late.${extension}`, [...args, '-output_ts_offset', '30']),
    );
    expect(startTime).toBeGreaterThan(29);
    expect(Math.abs(durationMs - 1000)).toBeLessThan(150);
  },
);

test('a picture that ends long before its sound says when', async () => {
  const sound = ['-f', 'lavfi', '-i', 'sine=d=20:r=48000'];
  for (const extension of ['mkv', 'mp4']) {
    const { video, durationMs } = await media(
      await tree.make(`concert.${extension}`, [...PICTURE, ...sound, '-c:v', 'libx264', '-c:a', 'aac']),
    );
    expect(Math.abs(durationMs - 20_000)).toBeLessThan(100);
    expect(Math.abs((video[0]?.endsMs ?? 0) - 1000)).toBeLessThan(100);
  }
});
