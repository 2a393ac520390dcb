import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { type ByteSource, byteSource, UnreadableIndex } from '../../agent/playback/keyframes/byte-source.ts';
import { createKeyframeIndex } from '../../agent/playback/keyframes/keyframes.ts';
import { readMkvKeyframes } from '../../agent/playback/keyframes/mkv.ts';
import { readMp4Keyframes } from '../../agent/playback/keyframes/mp4.ts';
import { BINARIES, execute, indexed } from './playback-stage.ts';
import { sample } from './samples.ts';

const dir = await mkdtemp(join(tmpdir(), 'hearthcast-keyframes-'));
afterAll(() => rm(dir, { recursive: true, force: true }));

async function byFfprobe(path: string): Promise<number[]> {
  const entries = ['-select_streams', 'v:0', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0'];
  const { stdout } = await execute('ffprobe', ['-v', 'error', ...entries, path]);
  const lines = stdout.split('\n').filter((line) => line.includes(',K'));
  return lines.map((line) => Number.parseFloat(line)).sort((a, b) => a - b);
}

/** A variant of a sample, made by copying its streams with other options of the container. */
async function variant(name: Parameters<typeof sample>[0], to: string, ...options: string[]): Promise<string> {
  const path = join(dir, to);
  await execute('ffmpeg', ['-v', 'error', '-y', '-i', await sample(name), '-map', '0', '-c', 'copy', ...options, path]);
  return path;
}

const log = pino({ level: 'silent' });
const index = createKeyframeIndex({ binaries: BINARIES, dir: join(dir, 'kept'), log });
const ownOnly = createKeyframeIndex({ binaries: null, dir: join(dir, 'none'), log });
const never = new AbortController().signal;

function expectSame(ours: readonly number[] | null, theirs: readonly number[]): void {
  expect(ours).toHaveLength(theirs.length);
  for (const [i, time] of theirs.entries()) expect(ours?.[i]).toBeCloseTo(time, 5);
}

describe('the keyframe index', () => {
  it.each([
    ['an MP4', () => sample('film.mp4')],
    ['an MP4 whose index comes first', () => variant('film.mp4', 'fast.mp4', '-movflags', '+faststart')],
    ['an MP4 without an edit list', () => variant('film.mp4', 'plain.mp4', '-use_editlist', '0')],
    ['an MP4 whose pictures begin late', () => variant('film.mp4', 'late.mp4', '-output_ts_offset', '2')],
    ['a QuickTime file', () => variant('film.mp4', 'film.mov')],
    ['a Matroska file', () => sample('film.mkv')],
    ['a Matroska file with its cues in front', () => variant('film.mkv', 'front.mkv', '-reserve_index_space', '50k')],
    ['HEVC in Matroska', () => sample('hevc.mkv')],
  ])('of %s is read by its own reader, and is what ffprobe says', async (_what, make) => {
    const path = await make();
    const copy = await indexed(path);
    const container = path.endsWith('.mkv') ? 'mkv' : 'mp4';
    const ours = await ownOnly.of({ ...copy, media: { ...copy.media, container } }, 0, never);
    expectSame(ours, await byFfprobe(path));
  });

  it.each([
    ['a transport stream', () => sample('broadcast.ts')],
    ['a live Matroska file without cues', () => variant('film.mkv', 'live.mkv', '-live', '1')],
    ['a fragmented MP4', () => variant('film.mp4', 'fragmented.mp4', '-movflags', '+frag_keyframe+empty_moov')],
  ])('of %s comes from its packets, since it has none of its own', async (_what, make) => {
    const copy = await indexed(await make());
    expect(await ownOnly.of(copy, 0, never)).toBeNull();
    expectSame(await index.of(copy, 0, never), await byFfprobe(copy.path));
  });

  it.each(['mkv', 'mp4', 'ts'])('of H.264 in open GOPs, at which Chromium cannot begin, is none: %s', async (to) => {
    const path = join(dir, `open-gop.${to}`);
    await execute('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=160x90:rate=25:duration=8', '-c:v', 'libx264'],
      ...['-preset', 'ultrafast', '-x264-params', 'open-gop=1:keyint=25:bframes=3:scenecut=0', path],
    ]);
    const copy = await indexed(path);
    expect(await index.of(copy, 0, never)).toBeNull();
    expect(await index.of(copy, 0, never)).toBeNull();
  });

  it('of a large file without one is unknown at first, and known once it was read in the background', async () => {
    const copy = await indexed(await sample('broadcast.ts'));
    const limits = { maxFileBytes: 1000, timeoutMs: 1000 };
    const patient = createKeyframeIndex({ binaries: BINARIES, dir: join(dir, 'background'), log, limits });
    expect(await patient.of(copy, 0, never)).toBeNull();
    await patient.settled();
    expectSame(await patient.of(copy, 0, never), await byFfprobe(copy.path));
    await patient[Symbol.asyncDispose]();
  });

  it('stays over a restart, and what a crash left half-written is read anew', async () => {
    const copy = await indexed(await sample('film.mkv'));
    const kept = join(dir, 'restart');
    const first = createKeyframeIndex({ binaries: null, dir: kept, log });
    const times = await first.of(copy, 0, never);
    await first[Symbol.asyncDispose]();
    const gone = { ...copy, path: '/nonexistent' };
    const second = createKeyframeIndex({ binaries: null, dir: kept, log });
    expect(await second.of(gone, 0, never)).toEqual(times);
    await second[Symbol.asyncDispose]();
    for (const name of await readdir(kept)) await writeFile(join(kept, name), Buffer.from([1, 2, 3]));
    const third = createKeyframeIndex({ binaries: null, dir: kept, log });
    expect(await third.of(copy, 0, never)).toEqual(times);
    await third[Symbol.asyncDispose]();
  });

  it('stops reading in the background when it is closed', async () => {
    const copy = await indexed(await sample('broadcast.ts'));
    const slow = join(dir, 'slow-ffprobe');
    await writeFile(slow, '#!/bin/sh\nexec sleep 600\n', { mode: 0o700 });
    const limits = { maxFileBytes: 1000, timeoutMs: 1000 };
    const binaries = { ...BINARIES, ffprobe: slow };
    const closing = createKeyframeIndex({ binaries, dir: join(dir, 'closing'), log, limits });
    expect(await closing.of(copy, 0, never)).toBeNull();
    await closing[Symbol.asyncDispose]();
    expect(await readdir(join(dir, 'closing')).catch(() => [])).toEqual([]);
  });
});

const memory = (bytes: Buffer): ByteSource & { reads: () => number } => {
  let reads = 0;
  return {
    size: bytes.length,
    reads: () => reads,
    async read(offset, length) {
      reads++;
      if (!(offset >= 0 && offset <= bytes.length && length >= 0)) throw new UnreadableIndex('an offset outside');
      return bytes.subarray(offset, Math.min(bytes.length, offset + length));
    },
  };
};

/** Bytes with some of them changed, and perhaps cut off. */
const damage = (size: number) =>
  fc.record({
    flips: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
    cut: fc.option(fc.nat(size)),
  });

async function survives(read: (source: ByteSource) => Promise<number[]>, bytes: Buffer): Promise<void> {
  const source = memory(bytes);
  const outcome = await read(source).catch((error: unknown) => error);
  if (!(outcome instanceof UnreadableIndex)) {
    expect(Array.isArray(outcome)).toBe(true);
    expect((outcome as number[]).every((time) => Number.isFinite(time))).toBe(true);
  }
  expect(source.reads()).toBeLessThan(2000);
}

describe('a damaged index', () => {
  it.each([
    ['MP4', readMp4Keyframes, () => variant('film.mp4', 'small.mp4', '-t', '3', '-movflags', '+faststart'), 0, 4000],
    ['Matroska', readMkvKeyframes, () => variant('film.mkv', 'small.mkv', '-reserve_index_space', '1k'), 0, 3000],
  ] as const)('of %s is unreadable, never a crash or an endless search', async (_what, reader, make, stream, head) => {
    const whole = await readFile(await make());
    expect(await reader(memory(whole), stream)).not.toHaveLength(0);
    await fc.assert(
      fc.asyncProperty(damage(head), async ({ flips, cut }) => {
        const bytes = Buffer.from(whole.subarray(0, cut ?? whole.length));
        for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
        await survives((source) => reader(source, stream), bytes);
      }),
      { numRuns: 400 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (bytes) =>
        survives((source) => reader(source, stream), Buffer.from(bytes)),
      ),
      { numRuns: 200 },
    );
  });

  it('reads no more than its limit of a file', async () => {
    const path = join(dir, 'zeros');
    await writeFile(path, Buffer.alloc(1000));
    const handle = await open(path);
    const source = byteSource(handle, 1000);
    expect(await source.read(900, 500)).toHaveLength(100);
    await expect(source.read(2000, 1)).rejects.toThrow(UnreadableIndex);
    await expect(byteSource(handle, 2 ** 40).read(0, 2 ** 39)).rejects.toThrow('without end');
    await handle.close();
  });
});
