import { afterAll, describe, expect, it } from 'vitest';
import type { IndexedCopy } from '../../agent/library/copies.ts';
import { frameBoundaries, timelineOf } from '../../agent/playback/boundaries.ts';
import type { MediaInfo } from '../../shared/media/media-info.ts';
import type { Plan } from '../../shared/media/plan.ts';
import type { Timeline } from '../../shared/media/timeline.ts';
import { TIMESCALE } from '../../shared/media/timeline.ts';
import { audio, execute, indexed, planOf, stage, videoCopy, videoTranscode } from './playback-stage.ts';
import { sample } from './samples.ts';

const capabilities = { transcodeSlots: 1000, videoEncoders: ['libx264'] };
const first = await stage({ capabilities });
const second = await stage({ capabilities });
afterAll(() => Promise.all([first, second].map((each) => each[Symbol.asyncDispose]())));

async function film(name: Parameters<typeof sample>[0] = 'film.mkv') {
  const copy = await indexed(await sample(name));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  return {
    copy,
    transcode: planOf([videoTranscode(picture)], [audio(sound, 'transcode')]),
    remux: planOf([videoCopy(picture)], [audio(sound, 'transcode')]),
  };
}

/** The timeline that the first owner publishes. */
async function published(copy: IndexedCopy, plan: Plan): Promise<Timeline> {
  const { timeline } = (await first.open(copy, plan)).answer;
  if (!timeline) throw new Error('no timeline');
  return timeline;
}

/** What the second agent says, asked to go on with a timeline of this hash. */
const goesOn = (copy: IndexedCopy, plan: Plan, timelineHash: string) =>
  second.open(copy, plan, { timelineHash }).then(
    () => 'accepted',
    (error: Error & { class?: string; code?: string }) => `${error.class}/${error.code}: ${error.message}`,
  );

const DIFFERS = 'content/conflict: timeline-differs';
const probedAs = (copy: IndexedCopy, change: Partial<MediaInfo>): IndexedCopy => ({
  ...copy,
  media: { ...copy.media, ...change },
});

describe('the second owner of a session', () => {
  it('goes on where its own timeline is the same', async () => {
    const { copy, transcode, remux } = await film();
    for (const plan of [transcode, remux]) {
      expect(await goesOn(copy, plan, (await published(copy, plan)).hash)).toBe('accepted');
    }
  });

  it.each<[string, (copy: IndexedCopy) => IndexedCopy]>([
    // How many bytes an ffprobe looks at decides about the first packet that it sees.
    ['another start, as another probe finds it', (copy) => probedAs(copy, { startTime: copy.media.startTime + 0.08 })],
    [
      'a start that another ffmpeg rounds in another way',
      (copy) => probedAs(copy, { startTime: copy.media.startTime + 0.000011 }),
    ],
    ['a longer film', (copy) => probedAs(copy, { durationMs: copy.media.durationMs + 1500 })],
    ['a film that is one picture shorter', (copy) => probedAs(copy, { durationMs: copy.media.durationMs - 40 })],
  ])('refuses %s', async (_what, change) => {
    const { copy, transcode, remux } = await film();
    for (const plan of [transcode, remux]) {
      const { hash } = await published(copy, plan);
      expect(await goesOn(change(copy), plan, hash)).toBe(DIFFERS);
    }
  });

  it.each([
    ['24 instead of 23.976 pictures a second', { num: 24, den: 1 }],
    ['an average instead of the rate it stands for', { num: 23_974, den: 1000 }],
  ])('refuses a plan that counts %s', async (_what, frameRate) => {
    const { copy, transcode } = await film('film.mp4');
    const { hash } = await published(copy, transcode);
    const video = transcode.video.map((rendition) => ({ ...rendition, frameRate }));
    expect(await goesOn(copy, { ...transcode, video }, hash)).toBe(DIFFERS);
  });

  it('refuses a remux of a film whose keyframes lie elsewhere, and still goes on with a transcode of it', async () => {
    const { copy, transcode, remux } = await film();
    const path = copy.path.replace('film.mkv', 'film-other-keyframes.mkv');
    await execute('ffmpeg', [
      ...['-v', 'error', '-y', '-i', copy.path, '-map', '0', '-c', 'copy', '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-g', '37', '-sc_threshold', '0', path],
    ]);
    const other = await indexed(path);
    const same = probedAs(other, { startTime: copy.media.startTime, durationMs: copy.media.durationMs });
    expect(await goesOn(same, remux, (await published(copy, remux)).hash)).toBe(DIFFERS);
    expect(await goesOn(same, transcode, (await published(copy, transcode)).hash)).toBe('accepted');
  });

  it('refuses segments of another length, as another release may cut them', async () => {
    const { copy, transcode } = await film();
    const { frameRate, startTime, runs } = await published(copy, transcode);
    if (!frameRate) throw new Error('no pictures');
    const ticks = runs.reduce((sum, [duration, count]) => sum + duration * count, 0);
    const twoSeconds = Array.from({ length: Math.ceil(ticks / (2 * TIMESCALE)) }, (_, k) => k * 2 * TIMESCALE);
    const other = timelineOf([...twoSeconds, ticks], { frameRate, startTime });
    expect(await goesOn(copy, transcode, other.hash)).toBe(DIFFERS);
    const ours = timelineOf(frameBoundaries(ticks, frameRate), { frameRate, startTime });
    expect(await goesOn(copy, transcode, ours.hash)).toBe('accepted');
  });

  it('refuses to cut where the first owner encoded, and the other way round', async () => {
    const { copy, transcode, remux } = await film('film.mp4');
    const hashes = { transcode: (await published(copy, transcode)).hash, remux: (await published(copy, remux)).hash };
    expect(await goesOn(copy, remux, hashes.transcode)).toBe(DIFFERS);
    expect(await goesOn(copy, transcode, hashes.remux)).toBe(DIFFERS);
  });
});
