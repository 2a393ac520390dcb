import { describe, expect, it, onTestFinished } from 'vitest';
import { audio, indexed, planOf, stage, videoTranscode } from './playback-stage.ts';
import { sample } from './samples.ts';
import { wrappedFfmpeg } from './wrapped-ffmpeg.ts';

const VIDEO = 'v180';

async function house() {
  const copy = await indexed(await sample('hd.mp4'));
  const [picture] = copy.media.video;
  const [sound] = copy.media.audio;
  if (!picture || !sound) throw new Error('not a film');
  const plan = planOf(
    [videoTranscode(picture), videoTranscode(picture, 90, { bitrate: 500_000 })],
    [audio(sound, 'transcode')],
  );
  const ffmpeg = await wrappedFfmpeg();
  const theatre = await stage({ binaries: ffmpeg.binaries });
  onTestFinished(async () => {
    await theatre[Symbol.asyncDispose]();
    await ffmpeg[Symbol.asyncDispose]();
  });
  /** How many processes have been started for pictures. */
  const started = async () => (await ffmpeg.calls()).filter((argv) => argv.includes('-c:v')).length;
  return { theatre, view: () => theatre.open(copy, plan), started };
}

describe('two viewers of one rendition', () => {
  it('who begin together share one process', async () => {
    const { view, started } = await house();
    const viewers = await Promise.all([view(), view()]);
    const both = (ask: (viewer: (typeof viewers)[number]) => Promise<Buffer>) => Promise.all(viewers.map(ask));
    const made = [
      await Promise.all([both(({ init }) => init(VIDEO)), both(({ segment }) => segment(VIDEO, 0))]),
    ].flat();
    for (const k of [1, 2, 3]) made.push(await both(({ segment }) => segment(VIDEO, k)));
    for (const [one, other] of made) expect(other && one?.equals(other)).toBe(true);
    expect(await started()).toBe(1);
  });

  it('at different places have one each', async () => {
    const { view, started } = await house();
    const [one, other] = await Promise.all([view(), view()]);
    await Promise.all([one.segment(VIDEO, 0), other.segment(VIDEO, 6)]);
    expect(await started()).toBe(2);
  });

  it('lose nothing when the one whose process it is leaves or seeks away', async () => {
    const { theatre, view, started } = await house();
    const [host, guest] = await Promise.all([view(), view()]);
    await host.segment(VIDEO, 0);
    const waiting = guest.segment(VIDEO, 3);
    theatre.playback.close({ session: host.id, generation: 1 });
    expect((await waiting).length).toBeGreaterThan(0);

    const third = await view();
    const next = third.segment(VIDEO, 5);
    const seeked = guest.segment(VIDEO, 1).catch(() => null);
    expect((await next).length).toBeGreaterThan(0);
    await seeked;
    expect(await started()).toBeLessThanOrEqual(4);
  });
});

describe('one viewer', () => {
  it('who changes the rendition has one process for pictures, not two', async () => {
    const { theatre, view } = await house();
    const { segment } = await view();
    await segment(VIDEO, 0);
    expect(theatre.playback.processes()).toHaveLength(1);
    await segment('v90', 1);
    expect(theatre.playback.processes()).toHaveLength(1);
    await segment(VIDEO, 2);
    await segment('a1', 2);
    expect(theatre.playback.processes().length).toBeLessThanOrEqual(2);
  });
});
