import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import type { Plan } from '../../shared/media/plan.ts';
import { segmentCount } from '../../shared/media/timeline.ts';
import { type Fate, fakeChip } from './fake-chip.ts';
import {
  audio,
  decoded,
  execute,
  indexed,
  planOf,
  range,
  type Stage,
  stage,
  videoTranscode,
} from './playback-stage.ts';
import { sample } from './samples.ts';
import { type WrappedFfmpeg, wrappedFfmpeg } from './wrapped-ffmpeg.ts';

const capabilities = { transcodeSlots: 4, videoEncoders: ['hevc_nvenc', 'h264_nvenc', 'libx264', 'libx265'] };
const NO_MEMORY: Fate = { kind: 'refuses', said: 'OpenEncodeSessionEx failed: out of memory (10)' };
/** The two ways of the chip, and the processor's. */
const WHOLE = 'h264_nvenc whole';
const ENCODING = 'h264_nvenc';

async function film(name: Parameters<typeof sample>[0] = 'film.mp4') {
  return filmAt(await sample(name));
}

async function filmAt(path: string) {
  const copy = await indexed(path);
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  return { copy, picture, plan: planOf([videoTranscode(picture)], [audio(sound, 'transcode')]) };
}

/** A chip on a busy machine is slow: it hangs only where a test says after how long. */
async function machine(script: string, stallMs = 120_000): Promise<{ ffmpeg: WrappedFfmpeg; theatre: Stage }> {
  const ffmpeg = await wrappedFfmpeg(script);
  const theatre = await stage({ binaries: ffmpeg.binaries, capabilities, stallMs });
  onTestFinished(async () => {
    await theatre[Symbol.asyncDispose]();
    await ffmpeg[Symbol.asyncDispose]();
  });
  return { ffmpeg, theatre };
}

const waysOf = async (ffmpeg: WrappedFfmpeg) =>
  (await ffmpeg.calls()).flatMap((argv) => {
    if (!argv.includes('-c:v')) return [];
    return [`${argv[argv.indexOf('-c:v') + 1]}${argv.includes('-noautorotate') ? ' whole' : ''}`];
  });

/** The whole film as a viewer would get it: no complaint of the decoder, and every picture of the grid. */
async function expectWhole({ open }: Stage, copy: IndexedCopy, plan: Plan): Promise<void> {
  const { answer, assembled } = await open(copy, plan);
  const [video] = plan.video;
  if (!video) throw new Error('no picture');
  const ks = range(0, segmentCount(answer.timeline ?? { runs: [] }));
  const { frames, complaints } = await decoded(await assembled(video.id, ks));
  expect(complaints).toBe('');
  const { num, den } = video.frameRate;
  expect(frames.length).toBe(Math.round((copy.media.durationMs * num) / den / 1000));
  const gaps = frames.slice(1).map(({ pts }, i) => pts - (frames[i]?.pts ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.ceil((90_000 * den) / num));
}

describe('a chip', () => {
  it('that works makes all of it, without the pictures leaving it', async () => {
    const { copy, plan } = await film();
    const { ffmpeg, theatre } = await machine(fakeChip({ kind: 'works' }));
    await expectWhole(theatre, copy, plan);
    expect(await waysOf(ffmpeg)).toEqual([WHOLE]);
  });

  it('that refuses is replaced by the processor, and every segment comes', async () => {
    const { copy, plan } = await film();
    const { ffmpeg, theatre } = await machine(fakeChip(NO_MEMORY));
    await expectWhole(theatre, copy, plan);
    expect(await waysOf(ffmpeg)).toEqual([WHOLE, ENCODING, 'libx264']);
  });

  it('that cannot decode this film only encodes it', async () => {
    const { copy, plan } = await film();
    const { ffmpeg, theatre } = await machine(fakeChip({ kind: 'refuses', said: 'No decoder surfaces left' }, 'whole'));
    await expectWhole(theatre, copy, plan);
    expect(await waysOf(ffmpeg)).toEqual([WHOLE, ENCODING]);
  });

  it('that breaks in the middle of a film is replaced there, and the pictures go on without a hole', async () => {
    const { copy, plan } = await film();
    const { ffmpeg, theatre } = await machine(fakeChip({ kind: 'breaks', frames: 80 }, 'whole'));
    await expectWhole(theatre, copy, plan);
    expect(await waysOf(ffmpeg)).toEqual([WHOLE, ENCODING]);
  });

  it('that falls silent in the middle of a film is replaced there too', async () => {
    const { copy, plan } = await film();
    const { ffmpeg, theatre } = await machine(fakeChip({ kind: 'hangs', frames: 80 }), 2_000);
    await expectWhole(theatre, copy, plan);
    expect(await waysOf(ffmpeg)).toEqual([WHOLE, ENCODING, 'libx264']);
  });

  it('that makes HEVC and breaks is replaced by the processor for the rest of that film', async () => {
    const { copy, plan, picture } = await film();
    const hevc = videoTranscode(picture, 180, { id: 'v180-hevc', codec: 'hevc', codecs: 'hvc1.1.6.L60.B0' });
    const { ffmpeg, theatre } = await machine(fakeChip({ kind: 'breaks', frames: 80 }));
    await expectWhole(theatre, copy, { ...plan, video: [hevc] });
    expect(await waysOf(ffmpeg)).toEqual(['hevc_nvenc whole', 'hevc_nvenc', 'libx265']);
  });

  it('that comes to the end of the pictures before the end of the film leaves the rest to one who can repeat them', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'hearthcast-short-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const path = join(dir, 'short-picture.mp4');
    await execute('ffmpeg', [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=9'],
      ...['-f', 'lavfi', '-i', 'sine=d=12', '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', path],
    ]);
    const { copy, plan } = await filmAt(path);
    const { ffmpeg, theatre } = await machine(fakeChip({ kind: 'works' }));
    await expectWhole(theatre, copy, plan);
    expect(await waysOf(ffmpeg)).toEqual([WHOLE, ENCODING]);
  });
});

describe('a chip that failed', () => {
  it('is left alone by the next session', async () => {
    const { copy, plan } = await film();
    const { ffmpeg, theatre } = await machine(fakeChip(NO_MEMORY));
    await (await theatre.open(copy, plan)).segment('v180', 0);
    const other = { ...copy, fingerprint: 'b'.repeat(32) };
    await (await theatre.open(other, plan)).segment('v180', 0);
    expect(await waysOf(ffmpeg)).toEqual([WHOLE, ENCODING, 'libx264', 'libx264']);
  });

  it('is not blamed for a file that the processor cannot read either', async () => {
    const { copy, plan } = await film();
    const { ffmpeg, theatre } = await machine('echo "Invalid data found" >&2; exit 1');
    for (const fingerprint of ['b'.repeat(32), 'c'.repeat(32)]) {
      const { segment } = await theatre.open({ ...copy, fingerprint }, plan);
      await expect(segment('v180', 0)).rejects.toThrow('The file cannot be played: Invalid data found');
    }
    expect(await waysOf(ffmpeg)).toEqual([WHOLE, ENCODING, 'libx264', WHOLE, ENCODING, 'libx264']);
  });

  it('for want of sessions keeps those that it has, and is not asked for more while it has them', async () => {
    const { copy, plan } = await film();
    const dir = await mkdtemp(join(tmpdir(), 'hearthcast-slots-'));
    onTestFinished(() => rm(dir, { recursive: true, force: true }));
    const { ffmpeg, theatre } = await machine(fakeChip({ kind: 'works', sessions: { most: 1, dir } }));
    const begin = async (letter: string) => {
      const session = await theatre.open({ ...copy, fingerprint: letter.padStart(32, 'f') }, plan);
      await session.segment('v180', 0);
      return session;
    };
    const first = await begin('b');
    await begin('c');
    await begin('d');
    expect(await waysOf(ffmpeg)).toEqual([WHOLE, WHOLE, ENCODING, 'libx264', 'libx264']);
    theatre.playback.close({ session: first.id, generation: 1 });
    await rm(join(dir, '0'), { recursive: true });
    // Its process is gone a moment later.
    let next = 0xe0;
    do await begin((next++).toString(16));
    while ((await waysOf(ffmpeg)).at(-1) !== WHOLE);
    expect(next).toBeLessThan(0xff);
  });
});
