import { afterAll, describe, expect, it } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { audioFrameAt } from '../../agent/playback/boundaries.ts';
import { boundariesOf, segmentCount } from '../../shared/media/timeline.ts';
import {
  audio,
  decoded,
  execute,
  indexed,
  planOf,
  range,
  samplesOf,
  stage,
  videoCopy,
  videoTranscode,
} from './playback-stage.ts';
import { type SampleName, sample } from './samples.ts';

// What one test opened another looks at, however much later on a busy machine: no lease ends before the file does.
const theatre = await stage({
  capabilities: { transcodeSlots: 1000, videoEncoders: ['libx264'] },
  leaseMs: 3_600_000,
});
afterAll(() => theatre[Symbol.asyncDispose]());

const FILMS: readonly SampleName[] = ['film.mp4', 'film.mkv', 'hevc.mkv', 'broadcast.ts', 'vfr.mkv'];
const COPYABLE: readonly SampleName[] = ['film.mp4', 'film.mkv', 'hevc.mkv', 'vfr.mkv'];

/** Once for all tests: what one has made in a row from the start is in the cache for the next. */
const copies = new Map<SampleName, Promise<IndexedCopy>>();

/** A session of a film; of a `fresh` one nothing is made yet. */
async function opened(name: SampleName, action: 'copy' | 'transcode', fresh = false) {
  const known = copies.get(name) ?? sample(name).then(indexed);
  copies.set(name, known);
  const copy = fresh ? await indexed(await sample(name)) : await known;
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!sound) throw new Error('a sample without sound');
  const video = picture ? [action === 'copy' ? videoCopy(picture) : videoTranscode(picture)] : [];
  const session = await theatre.open(copy, planOf(video, [audio(sound, action)]));
  const timeline = session.answer.timeline;
  if (!timeline) throw new Error('no timeline');
  const video0 = video[0]?.id ?? 'none';
  return {
    session,
    boundaries: boundariesOf(timeline),
    count: segmentCount(timeline),
    video: video0,
    sampleRate: sound.sampleRate,
  };
}

const patched = new Map<SampleName, ReturnType<typeof opened>>();

/** Has segments made backwards, two by two: each pair by a process of its own, which began there. */
async function madeBackwards({ session, count, video }: Awaited<ReturnType<typeof opened>>): Promise<void> {
  for (let from = count - 1; from > -2; from -= 2) {
    for (const rendition of [video, 'a1']) {
      for (const k of [from, from + 1]) if (k >= 0 && k < count) await session.segment(rendition, k);
    }
  }
}

/** A transcode that was made backwards. */
function patchworkOf(name: SampleName): ReturnType<typeof opened> {
  const made = async () => {
    const session = await opened(name, 'transcode', true);
    await madeBackwards(session);
    return session;
  };
  const known = patched.get(name) ?? made();
  patched.set(name, known);
  return known;
}

describe.each(FILMS)('a transcode of %s', (name) => {
  it('decodes without complaint, and shows every frame of the grid once', async () => {
    const { session, count, video, boundaries } = await opened(name, 'transcode');
    const { frames, complaints } = await decoded(await session.assembled(video, range(0, count)));
    expect(complaints).toBe('');
    const rate = session.answer.timeline?.frameRate ?? { num: 1, den: 1 };
    const ticks = (90_000 * rate.den) / rate.num;
    expect(frames.length).toBe(Math.round((boundaries.at(-1) as number) / ticks));
    const first = frames[0]?.pts ?? 0;
    for (const [i, { pts }] of frames.entries()) expect(Math.abs(pts - first - i * ticks)).toBeLessThanOrEqual(1);
  });

  it('has segments that begin exactly at their boundaries with a keyframe and reach exactly to the next', async () => {
    const { session, count, video, boundaries } = await opened(name, 'transcode');
    const init = await session.init(video);
    for (const k of range(0, count)) {
      const samples = samplesOf(init, await session.segment(video, k));
      const [dts, pts, , key] = samples[0] ?? [];
      expect([dts, pts, key]).toEqual([boundaries[k], boundaries[k], true]);
      expect(samples.filter(([, , , isKey]) => isKey)).toHaveLength(1);
      expect((dts ?? 0) + samples.reduce((sum, [, , duration]) => sum + duration, 0)).toBe(boundaries[k + 1]);
    }
  });

  it('has sound on the grid of AAC frames without a hole', async () => {
    const { session, count, boundaries, sampleRate } = await opened(name, 'transcode');
    const init = await session.init('a1');
    for (const k of range(0, count)) {
      const samples = samplesOf(init, await session.segment('a1', k));
      const frame = (at: number) => audioFrameAt(boundaries[at] as number, sampleRate, 1024);
      expect(samples[0]?.[0]).toBe(frame(k) * 1024);
      expect(samples).toHaveLength(frame(k + 1) - frame(k));
      expect(samples.every(([, , duration]) => duration === 1024)).toBe(true);
    }
    expect((await decoded(await session.assembled('a1', range(0, count)))).complaints).toBe('');
  });

  it('gives segment k the same samples whether the process began there or at the start', async () => {
    const whole = await opened(name, 'transcode');
    const jumping = await patchworkOf(name);
    for (const rendition of [whole.video, 'a1']) {
      const init = await whole.session.init(rendition);
      const ours = await jumping.session.init(rendition);
      for (const k of range(0, whole.count)) {
        const continuous = samplesOf(init, await whole.session.segment(rendition, k));
        const samples = samplesOf(ours, await jumping.session.segment(rendition, k));
        expect(samples.map(([dts, , duration]) => [dts, duration])).toEqual(
          continuous.map(([dts, , duration]) => [dts, duration]),
        );
      }
      const patchwork = await jumping.session.assembled(rendition, range(0, whole.count));
      expect((await decoded(patchwork)).complaints).toBe('');
    }
  });
});

type Samples = ReturnType<typeof samplesOf>;

/**
 * ffmpeg smooths the times of copied packets from wherever it began reading: a tick for pictures, and up to the
 * millisecond that Matroska rounds to for sound. Frames, their number and their kinds are the same.
 */
function expectAlike(ours: Samples, theirs: Samples, rendition: string): void {
  const off = rendition === 'a1' ? 48 : 1;
  expect(ours.map(([, , , key]) => key)).toEqual(theirs.map(([, , , key]) => key));
  for (const [i, [dts, pts]] of ours.entries()) {
    const [theirDts = Number.NaN, theirPts = Number.NaN] = theirs[i] ?? [];
    expect(Math.abs(dts - theirDts)).toBeLessThanOrEqual(off);
    expect(Math.abs(pts - theirPts)).toBeLessThanOrEqual(off);
  }
}

/** Mean likeness of two films' pictures in decibels, frame by frame in order; over 30 they are the same ones. */
async function likeness(one: string, other: string, size: { width: number; height: number }): Promise<number> {
  const side = (i: number) => `[${i}:v]settb=1/25,setpts=N,scale=${size.width}:${size.height}:flags=bilinear[s${i}]`;
  const graph = `${side(0)};${side(1)};[s0][s1]psnr=shortest=1`;
  const { stderr } = await execute('ffmpeg', ['-i', one, '-i', other, '-lavfi', graph, '-f', 'null', '-']);
  return Number(/average:([\d.]+)/.exec(stderr)?.[1] ?? 0);
}

describe('what is seen and heard', () => {
  it.each(['film.mp4', 'film.mkv', 'broadcast.ts'] as const)(
    'of %s is the source, frame for frame, also where a process began in the middle',
    async (name) => {
      const { session, count, video } = await patchworkOf(name);
      const patchwork = await session.assembled(video, range(0, count));
      const size = { width: 320, height: 180 };
      expect(await likeness(patchwork, await sample(name), size)).toBeGreaterThan(30);
    },
  );

  it('stays together: every beep is heard with its flash, whatever segment a process began with', async () => {
    const { session, count, video, sampleRate } = await patchworkOf('beeps.ts');
    const sound = await session.assembled('a1', range(0, count));
    const { stderr } = await execute('ffmpeg', ['-i', sound, '-af', 'silencedetect=n=-30dB:d=0.5', '-f', 'null', '-']);
    const beeps = [...stderr.matchAll(/silence_end: ([\d.]+)/g)].map(([, at]) => Number(at));
    expect(beeps.length).toBeGreaterThanOrEqual(12);
    // An AAC frame is 21 ms, and the container rounds its start to one.
    for (const at of beeps) expect(Math.abs(at - Math.round(at))).toBeLessThan((1.5 * 1024) / sampleRate);
    const shown = await session.assembled(video, range(0, count));
    const filter = 'signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-';
    const { stdout } = await execute('ffmpeg', ['-v', 'error', '-i', shown, '-vf', filter, '-f', 'null', '-']);
    const light = [...stdout.matchAll(/YAVG=([\d.]+)/g)].map(([, level]) => Number(level) > 128);
    const flashes = light.flatMap((on, i) => (on && !light[i - 1] ? [i / 25] : []));
    expect(flashes.length).toBeGreaterThanOrEqual(13);
    for (const at of flashes) expect(Math.abs(at - Math.round(at))).toBeLessThanOrEqual(0.04);
  });
});

describe.each(COPYABLE)('a remux of %s', (name) => {
  it('keeps every picture of the source, and decodes without complaint', async () => {
    const { session, count, video } = await opened(name, 'copy');
    const { frames, complaints } = await decoded(await session.assembled(video, range(0, count)));
    expect(complaints).toBe('');
    const counting = ['-count_packets', '-select_streams', 'v:0', '-show_entries', 'stream=nb_read_packets'];
    const args = ['-v', 'error', ...counting, '-of', 'csv=p=0', await sample(name)];
    const { stdout } = await execute('ffprobe', args);
    expect(frames.length).toBe(Number.parseInt(stdout, 10));
  });

  it('has segments that begin at the keyframes of the timeline, with no hole between them', async () => {
    const { session, count, video, boundaries } = await opened(name, 'copy');
    const init = await session.init(video);
    let end: number | null = null;
    for (const k of range(0, count)) {
      const samples = samplesOf(init, await session.segment(video, k));
      const [dts = 0, pts = 0, , key] = samples[0] ?? [];
      expect(key).toBe(true);
      if (k > 0) expect(pts).toBe(boundaries[k]);
      if (end !== null) expect(dts).toBe(end);
      end = dts + samples.reduce((sum, [, , duration]) => sum + duration, 0);
    }
  });

  it('gives segment k the same samples whether the process began there or at the start', async () => {
    const whole = await opened(name, 'copy');
    const jumping = await opened(name, 'copy', true);
    await madeBackwards(jumping);
    for (const rendition of [whole.video, 'a1']) {
      const init = await whole.session.init(rendition);
      expect(init.equals(await jumping.session.init(rendition))).toBe(true);
      for (const k of range(0, whole.count)) {
        const continuous = samplesOf(init, await whole.session.segment(rendition, k));
        expectAlike(samplesOf(init, await jumping.session.segment(rendition, k)), continuous, rendition);
      }
    }
  });
});
